using System.Collections.Immutable;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Toxiproxy;

namespace Mainstay.Cli.Faulting;

/// <summary>What <c>mainstay faults</c> was asked for: one proxy with its faults, or the API.</summary>
/// <param name="Proxy">Null: the API.</param>
/// <param name="Api">Null: a proxy.</param>
/// <param name="For">Null: until it is interrupted.</param>
internal sealed record FaultsRequest(FaultProxySpec? Proxy, ImmutableArray<Fault> Faults, ApiWish? Api, TimeSpan? For);

/// <summary>The API, as it was asked for; <see cref="ApiOptions"/> says what each means.</summary>
internal sealed record ApiWish(int Port, ulong Seed, bool AllowRemote, TimeSpan Lease);
