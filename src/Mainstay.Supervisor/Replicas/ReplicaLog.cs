using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor.Replicas;

internal static partial class ReplicaLog // event ids 2300-2399
{
    [LoggerMessage(2301, LogLevel.Error, "Supervising {Replica} failed; it is started again")]
    public static partial void ReplicaLoopFailed(this ILogger log, Exception failure, string replica);
}
