namespace Mainstay.Resilience.RateLimits;

/// <summary>How much is allowed.</summary>
/// <param name="Rate">Requests per second in the long run; above 0, fractions included.</param>
/// <param name="Burst">Requests that may come at once after a pause; 1 or more.</param>
public sealed record RatePolicy(double Rate, int Burst)
{
    /// <summary>Seconds in which an empty bucket fills up.</summary>
    public double FillTime => Burst / Rate;
}

/// <summary>What a rate limit says to a request.</summary>
/// <param name="IsAllowed">It may go, and has been counted.</param>
/// <param name="Remaining">Requests that could follow at once.</param>
/// <param name="ResetAfter">Seconds until the whole burst is there again.</param>
/// <param name="RetryAfter">Seconds until the next request will be allowed, if nothing else is taken; 0 if one would be now.</param>
public readonly record struct RateDecision(bool IsAllowed, int Remaining, double ResetAfter, double RetryAfter);
