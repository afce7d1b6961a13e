using System.Net;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Listening;

internal static partial class ListeningLog     // event ids 1000-1099
{
    [LoggerMessage(1001, LogLevel.Warning, "cannot accept connections on {Address} for the moment: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, IPEndPoint address, string reason);

    [LoggerMessage(1002, LogLevel.Debug, "{Address}: connection refused, {Limit} are open already (edge.limits.connections)")]
    public static partial void TooManyConnections(this ILogger logger, IPEndPoint address, int limit);

    [LoggerMessage(1003, LogLevel.Information, "{Url} is not listened on any more; {Connections} client connections in all are open")]
    public static partial void ListenerGone(this ILogger logger, string url, int connections);

    [LoggerMessage(1004, LogLevel.Error, "{Url} could not be closed in good order")]
    public static partial void ListenerFailed(this ILogger logger, string url, Exception error);

    [LoggerMessage(1005, LogLevel.Information, "connections on {Address} are accepted again, after {Seconds:0.0} s; those who came meanwhile waited")]
    public static partial void AcceptsAgain(this ILogger logger, IPEndPoint address, double seconds);

    [LoggerMessage(1006, LogLevel.Warning, "this process may open too few files for {Wanted} client connections (edge.limits.connections): {Bearable} are accepted at once; raise the limit ('ulimit -n', LimitNOFILE of a systemd unit)")]
    public static partial void FewDescriptors(this ILogger logger, int bearable, int wanted);
}
