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
    /// Only those that began in the same second are compared (van Elteren's stratified test): after a stall of what all replicas use, the one with
    /// more of what waited gets less of what comes, and would be judged by the stall alone. What takes ten seconds or more is left to
    /// <see cref="SilenceLimit"/>.
    /// </para>
    /// </summary>
    /// <param name="its">Counts as of <see cref="LatencyWindow.CopyTo"/>, by the second in which they began.</param>
    /// <param name="peers">Of the peer, at the same time.</param>
    /// <returns>Null where too few began together to tell, or there are fewer than <see cref="Samples"/> of either.</returns>
    public bool? IsMuchSlower(ReadOnlySpan<int> its, ReadOnlySpan<int> peers)
    {
        Span<int> farBelow = stackalloc int[LatencyWindow.Steps];
        CountStepsFarBelow(farBelow);
        int samples = 0, peerSamples = 0;
        double excess = 0, weight = 0;
        for (var at = 0; at < its.Length; at += LatencyWindow.Steps)
        {
            var (pairs, ofIts, ofPeers) = Compare(its.Slice(at, LatencyWindow.Steps), peers.Slice(at, LatencyWindow.Steps), farBelow);
            samples += ofIts;
            peerSamples += ofPeers;
            if (ofIts == 0 || ofPeers == 0)
                continue;
            excess += (double)pairs / (ofIts + ofPeers);
            weight += (double)ofIts * ofPeers / (ofIts + ofPeers);
        }
        // Of equal distributions that are continuous; where many are far from none, as here, it is smaller. With four in a second, two and two,
        // it is 12 % more: then five are four and a half.
        var error = Math.Sqrt(1 / (3 * weight));
        if (samples < Samples || peerSamples < Samples || !(5 * error <= 1))
            return null;
        return excess / weight >= Math.Max(Dominance, 5 * error);
    }

    /// <summary>In how many more pairs the replica's latency is far above the peer's than the other way round, and the samples of both.</summary>
    private static (long Pairs, int Its, int Peers) Compare(ReadOnlySpan<int> its, ReadOnlySpan<int> peers, ReadOnlySpan<int> farBelow)
    {
        int itsBelow = 0, peersBelow = 0, below = 0, samples = 0, peerSamples = 0;
        long pairs = 0;
        for (var step = 0; step < its.Length; step++)
        {
            for (; below < farBelow[step]; below++)
            {
                itsBelow += its[below];
                peersBelow += peers[below];
            }
            pairs += ((long)its[step] * peersBelow) - ((long)peers[step] * itsBelow);
            samples += its[step];
            peerSamples += peers[step];
        }
        return (pairs, samples, peerSamples);
    }

    /// <summary>For each step, how many steps from the lowest on it is far above; never fewer than for the step before.</summary>
    private void CountStepsFarBelow(Span<int> farBelow)
    {
        var below = 0;
        for (var step = 0; step < farBelow.Length; step++)
        {
            while (below < step && IsFarAbove(LatencyWindow.UpperEdge(step), LatencyWindow.UpperEdge(below)))
                below++;
            farBelow[step] = below;
        }
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

    /// <summary>
    /// Seconds after which a replica that got nothing is asked whether it still answers: half of <see cref="LeastSilence"/>, so that one that stands
    /// still is found out within about two seconds.
    /// </summary>
    public const double Neglect = LeastSilence / 2;

    /// <summary>… if no longer an answer than this is expected, in seconds: so that the question costs little.</summary>
    public const double LongestLook = 0.1;

    /// <summary>Below half of the fleet, ejection would overload the rest: then all are used.</summary>
    public static bool UsesAll(int available, int all) => available * 2 < all;
}
