namespace Mainstay.Resilience.RateLimits;

/// <summary>
/// A token bucket (Turner 1986): <see cref="RatePolicy.Burst"/> requests at once, <see cref="RatePolicy.Rate"/> in the long run. Exact:
/// within any time t at most burst + rate·t are allowed, and never fewer than that when asked for. Thread-safe. Allocates nothing.
/// </summary>
/// <param name="policy">How much is allowed.</param>
public sealed class TokenBucket(RatePolicy policy)
{
    private readonly Lock _gate = new();
    private BucketLevel _level;

    /// <summary>Asks for one request.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public RateDecision Take(double now)
    {
        lock (_gate)
            return _level.Take(policy, now);
    }
}
