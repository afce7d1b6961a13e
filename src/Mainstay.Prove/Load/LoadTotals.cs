using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load;

/// <summary>What a load comes to.</summary>
/// <param name="Due">Requests that were due and have ended.</param>
/// <param name="Sent">Those of them that were sent, at least in part.</param>
/// <param name="Good">Those with a good answer.</param>
/// <param name="Cut">Those that were still out when the load ended: neither good nor failed.</param>
/// <param name="PerSecond">Requests due per second, from the first to the last one.</param>
/// <param name="Fates">How they ended; what did not happen is missing.</param>
/// <param name="Statuses">Of the answers; what did not come is missing.</param>
/// <param name="All">Latency of all but the cut ones.</param>
/// <param name="OfGood">Latency of the good ones.</param>
/// <param name="WaitP99">Seconds from when they were due until they were sent, for 99 %: the generator's own lag, and waiting for a connection.</param>
internal sealed record LoadTotals(
    long Due,
    long Sent,
    long Good,
    long Cut,
    double PerSecond,
    IReadOnlyDictionary<Fate, long> Fates,
    IReadOnlyDictionary<int, long> Statuses,
    LatencyQuantiles All,
    LatencyQuantiles OfGood,
    double WaitP99)
{
    public long Failed => Due - Good - Cut;
}
