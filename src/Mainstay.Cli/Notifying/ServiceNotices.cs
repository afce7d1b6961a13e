using Mainstay.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace Mainstay.Cli.Notifying;

/// <summary>
/// What a service manager such as systemd learns from <c>up</c>: that it is ready, how it is, that it stops, and signs of life.
/// Without one every call does nothing. Replicas never see the socket (the supervisor takes its variable out).
/// </summary>
internal sealed class ServiceNotices : IAsyncDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    private readonly NotifySocket? _socket;
    private readonly WatchdogPace? _pace;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private Watchdog? _watchdog;
    private Task _running = Task.CompletedTask;
    private volatile bool _isStopping;

    private ServiceNotices(NotifySocket? socket, WatchdogPace? pace, TimeProvider time, ILogger log) =>
        (_socket, _pace, _time, _log) = (socket, pace, time, log);

    public static ServiceNotices Open(Func<string, string?> variables, int processId, TimeProvider time, ILoggerFactory logs)
    {
        var log = logs.CreateLogger("Mainstay.Cli.Notifying");
        var socket = NotifySocket.Open(variables);
        if (socket?.Send("STATUS=starting") == false)
            log.NobodyListens(variables(NotifySocket.Variable)!);
        return new(socket, socket is null ? null : WatchdogPace.Of(variables, processId), time, log);
    }

    /// <summary>Requests are being served. The manager's watchdog runs from here on.</summary>
    public void Ready(Func<StatusReport> status, Func<CancellationToken, Task<bool>> edgeAnswers)
    {
        if (_socket is not { } socket)
            return;
        socket.Send("READY=1", "STATUS=" + StatusText.Of(status(), 0, TimeSpan.Zero));
        _watchdog = _pace is null ? null : new(_pace, edgeAnswers, () => socket.Send("WATCHDOG=1"), _time, _log);
        _running = Task.WhenAll(TellStatusAsync(socket, status), _watchdog?.RunAsync(_end.Token) ?? Task.CompletedTask);
    }

    public void Stopping()
    {
        _isStopping = true;
        _watchdog?.Stopping();
        _socket?.Send("STOPPING=1", "STATUS=stopping: finishing what is in flight");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _socket?.Dispose();
        _end.Dispose();
    }

    private async Task TellStatusAsync(NotifySocket socket, Func<StatusReport> status)
    {
        var (said, requests, since) = ("", status().Edge.Requests, _time.GetTimestamp());
        while (true)
        {
            await Task.WhenAny(Task.Delay(StatusInterval, _time, _end.Token));
            if (_end.IsCancellationRequested || _isStopping)
                return;
            var report = status();
            var text = StatusText.Of(report, report.Edge.Requests - requests, _time.GetElapsedTime(since));
            if (text != said)
                socket.Send("STATUS=" + text);
            (said, requests, since) = (text, report.Edge.Requests, _time.GetTimestamp());
        }
    }
}
