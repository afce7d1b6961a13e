using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>What a proxy has counted since its start: the evidence that a fault bit. <see cref="Counted"/> says what each means.</summary>
internal sealed record ProxyCount(
    long Connections,
    long Open,
    long BytesUp,
    long BytesDown,
    long BytesDelayed,
    long BytesDropped,
    long ConnectionsDelayed,
    long ConnectionsSilenced,
    long Resets,
    long Refusals,
    long Closes,
    long ClosesDelayed,
    long UpstreamFailures,
    long RequestsFaulted,
    RequestCount Requests)
{
    public static ProxyCount Of(Tally tally, RequestLedger ledger) => new(
        tally[Counted.Connections],
        tally[Counted.Connections] - tally[Counted.Ended],
        tally[Counted.BytesUp],
        tally[Counted.BytesDown],
        tally[Counted.BytesDelayed],
        tally[Counted.BytesDropped],
        tally[Counted.ConnectionsDelayed],
        tally[Counted.ConnectionsSilenced],
        tally[Counted.Resets],
        tally[Counted.Refusals],
        tally[Counted.Closes],
        tally[Counted.ClosesDelayed],
        tally[Counted.UpstreamFailures],
        tally[Counted.RequestsFaulted],
        ledger.Read());
}
