namespace Mainstay.Resilience.Balancing;

/// <summary>When a replica gets no traffic for a while, and for how long. The defaults are for fleets of two to four.</summary>
/// <param name="ConsecutiveFailures">So many failures in a row eject; default 5 (Envoy).</param>
/// <param name="LeastSuccess">A share of successes below this ejects; default 0.8.</param>
/// <param name="Samples">Fewest outcomes within 10 s to judge a share or a latency by; default 20.</param>
/// <param name="LatencyFactor">A median so many times that of the slowest peer ejects; default 5.</param>
/// <param name="LatencyExcess">… if it is also so many seconds above it; default 0.25.</param>
/// <param name="Shortest">Seconds of the first ejection; doubled each time; default 5.</param>
/// <param name="Longest">Seconds of an ejection at most, before jitter; after so long without one the doubling starts again; default 300.</param>
/// <param name="Jitter">Share of the time that chance adds; default 0.2.</param>
public sealed record EjectionPolicy(
    int ConsecutiveFailures = 5,
    double LeastSuccess = 0.8,
    int Samples = 20,
    double LatencyFactor = 5,
    double LatencyExcess = 0.25,
    double Shortest = 5,
    double Longest = 300,
    double Jitter = 0.2)
{
    /// <summary>Whether a median latency is far above that of the slowest peer. Not known (NaN) is never far.</summary>
    public bool IsFarAbove(double median, double slowestPeer) =>
        median >= slowestPeer * LatencyFactor && median - slowestPeer >= LatencyExcess;

    /// <summary>
    /// How many seconds a replica may leave a request without a byte while its peers answer: max(1 s, 3 × the peers' p99). A stopped process
    /// still accepts connections, so only silence tells.
    /// </summary>
    /// <param name="peersP99">In seconds; NaN if not known.</param>
    public static double SilenceLimit(double peersP99) => double.IsNaN(peersP99) ? 1 : Math.Max(1, 3 * peersP99);

    /// <summary>Below half of the fleet, ejection would overload the rest: then all are used.</summary>
    public static bool UsesAll(int available, int all) => available * 2 < all;
}
