using Microsoft.Extensions.Logging;

namespace Mainstay.Cli.Logs;

internal static partial class LogsLog     // event ids 3100-3199
{
    [LoggerMessage(3101, LogLevel.Warning, "the output of {Service} cannot be kept beyond this process: should it crash, what `mainstay logs` shows starts anew")]
    public static partial void NotKept(this ILogger logger, string service);
}
