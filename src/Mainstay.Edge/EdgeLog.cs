using Microsoft.Extensions.Logging;

namespace Mainstay.Edge;

internal static partial class EdgeLog     // event ids 1100-1199
{
    [LoggerMessage(1101, LogLevel.Error, "request {RequestId} failed for a reason nobody foresaw")]
    public static partial void Unexpected(this ILogger logger, string requestId, Exception error);

    [LoggerMessage(EventId = 1102, Message = "{Subject}: {What}")]
    public static partial void Changed(this ILogger logger, LogLevel level, string subject, string what);
}
