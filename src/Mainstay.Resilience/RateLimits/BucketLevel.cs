namespace Mainstay.Resilience.RateLimits;

/// <summary>
/// The state of one token bucket, 16 bytes: how much is missing, as of when. The default is a full one. What is missing stays small and
/// times are only subtracted, so nothing drifts, however long the process runs. Not thread-safe: the owner's lock covers it.
/// </summary>
internal struct BucketLevel
{
    /// <summary>In requests; a refill that is complete but for rounding is complete.</summary>
    private const double Rounding = 1e-9;

    private double _missing;
    private double _asOf;

    /// <summary>Requests missing to a full bucket, in [0, burst].</summary>
    public readonly double Missing(RatePolicy policy, double now) => Math.Max(0, _missing - (Math.Max(0, now - _asOf) * policy.Rate));

    /// <summary>Takes one request out if there is one. Refused ones cost nothing.</summary>
    public RateDecision Take(RatePolicy policy, double now)
    {
        var missing = Missing(policy, now);
        var isAllowed = missing + 1 <= policy.Burst + Rounding;
        if (isAllowed)
            missing += 1;
        _missing = missing;
        _asOf = Math.Max(_asOf, now);
        var left = Math.Max(0, policy.Burst - missing);
        return new(isAllowed, (int)(left + Rounding), missing / policy.Rate, left + Rounding >= 1 ? 0 : (1 - left) / policy.Rate);
    }
}
