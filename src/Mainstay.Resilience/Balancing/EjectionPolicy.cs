namespace Mainstay.Resilience.Balancing;

/// <summary>When a replica gets no traffic for a while, and for how long. The defaults are for fleets of two to four.</summary>
/// <param name="ConsecutiveFailures">So many failures in a row eject; default 5 (Envoy).</param>
/// <param name="LeastSuccess">A share of successes below this ejects; default 0.8.</param>
/// <param name="Samples">Fewest outcomes within 10 s to judge a share or a latency by; default 20.</param>
/// <param name="LatencyFactor">A latency so many times another one is far above it; default 5.</param>
/// <param name="LatencyExcess">… if it is also so many seconds above it; default 0.25.</param>
/// <param name="Dominance">How much more often one of its latencies must be far above one of a peer's than the other way round; default 0.4.</param>
/// <param name="Overdue">Seconds that a trial waits for a request that could be made elsewhere again; then any other will do; default 10.</param>
/// <param name="Shortest">Seconds of the first ejection; doubled each time; default 5.</param>
/// <param name="Longest">Seconds of an ejection at most, before jitter; after so long without one the doubling starts again; default 300.</param>
/// <param name="Jitter">Share of the time that chance adds; default 0.2.</param>
public sealed record EjectionPolicy(
    int ConsecutiveFailures = 5,
    double LeastSuccess = 0.8,
    int Samples = 20,
    double LatencyFactor = 5,
    double LatencyExcess = 0.25,
    double Dominance = 0.4,
    double Overdue = 10,
    double Shortest = 5,
    double Longest = 300,
    double Jitter = 0.2)
{
    /// <summary>
    /// Whether a replica is much slower than a peer that does the same work, however different the requests of that work are: a random latency
    /// of one is far above a random one of the other much more often than the other way round (Mann–Whitney, with far above in place of above),
    /// by five standard errors or more. Where half of the requests are quick and half are slow, medians tell nothing.
    /// <para>
    /// Only latencies of the same second are compared (van Elteren's stratified test), and no single second decides: after a stall of what all
    /// replicas use, the one with more of what waited gets less of what comes, and would be judged by the stall alone.
    /// </para>
    /// </summary>
    /// <param name="its">Counts as of <see cref="LatencyWindow.CopyTo"/>.</param>
    /// <param name="peers">Of the peer, at the same time. With fewer than <see cref="Samples"/> in either the answer is no.</param>
    public bool IsMuchSlower(ReadOnlySpan<int> its, ReadOnlySpan<int> peers)
    {
        double samples = 0, peerSamples = 0, excess = 0, weight = 0;
        double strongest = 0, weightOfStrongest = 0;
        for (var bucket = 0; bucket < LatencyWindow.Buckets; bucket++)
        {
            var second = Compare(its.Slice(bucket * LatencyWindow.Steps, LatencyWindow.Steps), peers.Slice(bucket * LatencyWindow.Steps, LatencyWindow.Steps));
            samples += second.Samples;
            peerSamples += second.PeerSamples;
            if (second.Samples == 0 || second.PeerSamples == 0)
                continue;
            var weightOfSecond = second.Samples * second.PeerSamples / (second.Samples + second.PeerSamples);
            var excessOfSecond = second.Excess / (second.Samples + second.PeerSamples);
            weight += weightOfSecond;
            excess += excessOfSecond;
            if (excessOfSecond > strongest)
                (strongest, weightOfStrongest) = (excessOfSecond, weightOfSecond);
        }
        weight -= weightOfStrongest;
        if (samples < Samples || peerSamples < Samples || !(weight > 0))
            return false;
        // Of equal distributions, at most: their variance is that of a continuous one.
        var error = Math.Sqrt(1 / (3 * weight));
        return (excess - strongest) / weight >= Math.Max(Dominance, 5 * error);
    }

    /// <summary>In how many more of all pairs of one second the replica's latency is far above than far below.</summary>
    private (double Excess, double Samples, double PeerSamples) Compare(ReadOnlySpan<int> its, ReadOnlySpan<int> peers)
    {
        double excess = 0, samples = 0, peerSamples = 0;
        for (var i = 0; i < its.Length; i++)
        {
            samples += its[i];
            peerSamples += peers[i];
            if (its[i] + peers[i] == 0)
                continue;
            for (var j = 0; j < i; j++)
            {
                if (IsFarAbove(LatencyWindow.UpperEdge(i), LatencyWindow.UpperEdge(j)))
                    excess += ((double)its[i] * peers[j]) - ((double)its[j] * peers[i]);
            }
        }
        return (excess, samples, peerSamples);
    }

    private bool IsFarAbove(double latency, double other) => latency >= other * LatencyFactor && latency - other >= LatencyExcess;

    /// <summary>
    /// How many seconds a replica may leave a request without a byte while its peers answer: max(1 s, 3 × the peers' p99). A stopped process
    /// still accepts connections, so only silence tells.
    /// </summary>
    /// <param name="peersP99">In seconds; NaN if not known.</param>
    public static double SilenceLimit(double peersP99) => double.MaxNumber(LeastSilence, 3 * peersP99);

    /// <summary>
    /// The same where <see cref="Several"/> requests came since the replica's last answer and all have waited for so long: max(1 s, 1.5 × the longest
    /// of the last ten seconds). What is usual for one slow request is not for all that come.
    /// </summary>
    /// <param name="longest">Latency of the replica and of its peers, in seconds; NaN if not known: then so is the limit.</param>
    public static double SilenceLimitOfSeveral(double longest) => Math.Max(LeastSilence, 1.5 * longest);

    /// <summary>Seconds; whatever is usual.</summary>
    public const double LeastSilence = 1;

    /// <summary>So many requests without a byte of an answer are no coincidence.</summary>
    public const int Several = 3;

    /// <summary>Below half of the fleet, ejection would overload the rest: then all are used.</summary>
    public static bool UsesAll(int available, int all) => available * 2 < all;
}
