using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.RateLimiting;

/// <summary>Refuses with 429 what is more than the route's <c>rate_limit</c> allows; before anything else is spent on it.</summary>
internal static class RateLimitStep
{
    /// <summary>True if the request goes on; false if it has been answered.</summary>
    public static ValueTask<bool> LimitAsync(Exchange exchange, TimeProvider time)
    {
        if (exchange.Facts.Route?.Limit is not { } limit)
            return new(true);
        var decision = limit.Take(exchange, time.Seconds());
        exchange.Facts.Rate = decision;
        return decision.IsAllowed ? new(true) : RefuseAsync(exchange, TimeSpan.FromSeconds(Math.Min(decision.RetryAfter, 86_400)));
    }

    private static async ValueTask<bool> RefuseAsync(Exchange exchange, TimeSpan retryAfter)
    {
        await ProblemAnswer.WriteAsync(exchange, 429, "Too many requests; see Retry-After.", retryAfter);
        return false;
    }
}
