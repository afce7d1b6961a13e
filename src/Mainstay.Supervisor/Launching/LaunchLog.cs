using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor.Launching;

internal static partial class LaunchLog // event ids 2000-2049
{
    [LoggerMessage(2000, LogLevel.Debug, "{Name} started with pid {Pid}")]
    public static partial void Started(this ILogger logger, string name, int pid);

    [LoggerMessage(2001, LogLevel.Debug, "{Name} (pid {Pid}) {Status}")]
    public static partial void Ended(this ILogger logger, string name, int pid, ExitStatus status);

    [LoggerMessage(2002, LogLevel.Warning, "the guard that ends replicas if Mainstay dies cannot be started ({Reason}); replicas run without it")]
    public static partial void GuardMissing(this ILogger logger, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "the guard that ends replicas if Mainstay dies was lost; a new one takes its place")]
    public static partial void GuardLost(this ILogger logger);

    [LoggerMessage(2004, LogLevel.Warning, "cannot write {File} ({Reason}): should Mainstay and its guard both be killed, the next start cannot end what is left")]
    public static partial void JournalFailed(this ILogger logger, string file, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "ended {Name} (process group {Group}), left over from an earlier run")]
    public static partial void LeftOverEnded(this ILogger logger, string name, int group);

    [LoggerMessage(2006, LogLevel.Warning, "output of {Source} is lost: {Reason}")]
    public static partial void OutputLost(this ILogger logger, string source, string reason);
}
