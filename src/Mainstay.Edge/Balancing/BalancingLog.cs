using Mainstay.Resilience.Balancing;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Balancing;

internal static partial class BalancingLog     // event ids 3300-3399
{
    [LoggerMessage(3303, LogLevel.Debug, "{Upstream} drained: {Completed} completed, {Cut} cut")]
    public static partial void Drained(this ILogger logger, string upstream, int completed, int cut);

    [LoggerMessage(3304, LogLevel.Warning, "closing the connections to {Upstream} failed: {Message}")]
    public static partial void CloseFailed(this ILogger logger, string upstream, string message);

    [LoggerMessage(3305, LogLevel.Error, "watching the upstreams failed")]
    public static partial void WatchFailed(this ILogger logger, Exception exception);

    /// <summary>One short clause for status and logs.</summary>
    public static string? Clause(EjectionCause cause) => cause switch
    {
        EjectionCause.ConsecutiveFailures => "5 failures in a row",
        EjectionCause.SuccessRate => "less than 80 % succeeded within 10 s",
        EjectionCause.Latency => "much slower than its peers",
        EjectionCause.Silence => "silent while its peers answer",
        _ => null,
    };
}
