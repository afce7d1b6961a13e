using Microsoft.Extensions.Logging;

namespace Mainstay.Cli.Notifying;

internal static partial class NotifyingLog     // event ids 3000-3099
{
    [LoggerMessage(3001, LogLevel.Error, "the edge does not answer a request of its own within {Seconds:0.#} s: its watchdog gets no sign of life until it does, and starts it again if it stays so")]
    public static partial void EdgeSilent(this ILogger logger, double seconds);

    [LoggerMessage(3002, LogLevel.Information, "the edge answers its own requests again")]
    public static partial void EdgeAnswers(this ILogger logger);
}
