using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Forwarding;

internal static partial class ForwardingLog     // event ids 3400-3499
{
    [LoggerMessage(3401, LogLevel.Information, "{RequestId}: {Service} attempt {Attempt} on {Upstream} failed ({Reason}); trying again")]
    public static partial void Retrying(this ILogger logger, string requestId, string service, int attempt, string upstream, string reason);

    [LoggerMessage(3402, LogLevel.Warning, "{RequestId}: {Service} gives no answer after {Attempts} attempts, the last on {Upstream} ({Reason}); answered {Status}")]
    public static partial void GaveUp(this ILogger logger, string requestId, string service, int attempts, string upstream, string reason, int status);

    [LoggerMessage(3403, LogLevel.Warning, "{RequestId}: {Upstream} broke its answer off ({Reason}); the client is cut off")]
    public static partial void BrokeOff(this ILogger logger, string requestId, string upstream, string reason);

    [LoggerMessage(3404, LogLevel.Warning, "{RequestId}: no replica of {Service} is ready; answered {Status}")]
    public static partial void NothingReady(this ILogger logger, string requestId, string service, int status);

    [LoggerMessage(3405, LogLevel.Warning, "{Request}: the answer of {Upstream} could not be handed to the client ({Reason}); its connection was cut")]
    public static partial void HandOverFailed(this ILogger logger, string request, string upstream, string reason);
}
