using System.Collections.Immutable;
using System.Net;

namespace Mainstay.Manifest.Model;

/// <param name="Listen">At least one.</param>
/// <param name="TrustedProxies">Peers that may set forwarding headers, the request id and the deadline; default none.</param>
/// <param name="Limits">Bounds on what a client may send or hold.</param>
/// <param name="LameDuck">How long Mainstay keeps serving, not ready, after SIGTERM; default 1 s.</param>
public sealed record EdgeSpec(
    ImmutableArray<ListenSpec> Listen,
    ImmutableArray<IPNetwork> TrustedProxies,
    EdgeLimitsSpec Limits,
    TimeSpan LameDuck);

/// <summary>One address to listen on, as written: <c>http://HOST:PORT</c>.</summary>
/// <param name="Url">As written, without a trailing slash.</param>
/// <param name="Address">A literal address, or loopback for <c>localhost</c>; any for <c>*</c>.</param>
/// <param name="Port">1–65535, or 0 for a port chosen by the kernel (tests).</param>
public sealed record ListenSpec(string Url, IPAddress Address, int Port);

/// <param name="Body">Bytes of a request body; default 30 MiB.</param>
/// <param name="Headers">Bytes of a request head; default 32 KiB.</param>
/// <param name="Connections">Client connections at once; default 10,000.</param>
/// <param name="HeaderTimeout">From a request's first byte to the end of its head; default 15 s.</param>
/// <param name="IdleTimeout">An idle client connection is closed after this; default 75 s.</param>
public sealed record EdgeLimitsSpec(long Body, int Headers, int Connections, TimeSpan HeaderTimeout, TimeSpan IdleTimeout);
