using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Keys;

/// <summary>The keys under <c>edge</c>.</summary>
internal static class EdgeKeys
{
    private static readonly ListenSpec DefaultListen = new("http://127.0.0.1:8080", IPAddress.Loopback, 8080);

    public static readonly Field<ImmutableArray<ListenSpec>> Listen = new("listen",
        new ListShape<ListenSpec>(Addresses.Listen, "[http://127.0.0.1:8080]", orOne: true),
        "Where clients come in: one address or a list.", [DefaultListen], "\"http://127.0.0.1:8080\"");

    public static readonly Field<ImmutableArray<IPNetwork>> TrustedProxies = new("trusted_proxies",
        new ListShape<IPNetwork>(Addresses.Network, "[10.0.0.0/8]", orOne: true),
        "Networks that may set X-Forwarded-*, Forwarded, X-Request-Id and Mainstay-Timeout-Ms; default none.", []);

    public static readonly Field<long> Body = new("body", Scalars.Size(0, 1L << 40),
        "Largest request body.", 30L << 20, "\"30MiB\"");

    public static readonly Field<long> Headers = new("headers", Scalars.Size(1 << 10, 1 << 20),
        "Largest request head.", 32 << 10, "\"32KiB\"");

    public static readonly Field<int> Connections = new("connections", Scalars.Integer(1, 1_000_000),
        "Client connections at once.", 10_000, "10000");

    public static readonly Field<TimeSpan> HeaderTimeout = new("header_timeout", Scalars.Duration(TimeSpan.FromMilliseconds(100), Scalars.Day),
        "From a request's first byte to the end of its head.", TimeSpan.FromSeconds(15), "\"15s\"");

    public static readonly Field<TimeSpan> IdleTimeout = new("idle_timeout", Scalars.Duration(TimeSpan.FromMilliseconds(100), Scalars.Day),
        "An idle client connection is closed after this.", TimeSpan.FromSeconds(75), "\"75s\"");

    public static readonly Field<Section> Limits = new("limits",
        new SectionShape(new([Body, Headers, Connections, HeaderTimeout, IdleTimeout]), "a mapping such as { body: 30MiB }"),
        "Bounds on what a client may send or hold.", Section.Empty);

    public static readonly Field<TimeSpan> LameDuck = new("lame_duck", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)),
        "After SIGTERM: how long Mainstay keeps serving while it is not ready.", TimeSpan.FromSeconds(1), "\"1s\"");

    public static readonly SectionShape Shape = new(
        new([Listen, TrustedProxies, Limits, LameDuck], "domain", "tls", "admin", "cache", "rate_limits"),
        "a mapping such as { listen: http://127.0.0.1:8080 }");

    public static EdgeSpec ToSpec(Section edge)
    {
        var limits = edge.Sub(Limits);
        return new(
            edge.Get(Listen),
            edge.Get(TrustedProxies),
            new(limits.Get(Body), (int)limits.Get(Headers), limits.Get(Connections), limits.Get(HeaderTimeout), limits.Get(IdleTimeout)),
            edge.Get(LameDuck));
    }
}
