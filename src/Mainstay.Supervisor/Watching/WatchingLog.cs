using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor.Watching;

internal static partial class WatchingLog // event ids 2500-2599
{
    [LoggerMessage(2501, LogLevel.Error, "Replacing {Replica} failed")]
    public static partial void ReplacementFailed(this ILogger log, Exception failure, string replica);

    [LoggerMessage(2502, LogLevel.Error, "A look at {Service} failed; the next one comes in a second")]
    public static partial void LookFailed(this ILogger log, Exception failure, string service);
}
