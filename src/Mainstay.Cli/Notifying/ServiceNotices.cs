using Mainstay.Cli.Keeping;
using Mainstay.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace Mainstay.Cli.Notifying;

/// <summary>
/// What a service manager such as systemd learns from <c>up</c>, by way of the keeper: that it is ready, how it is, that it stops, and signs
/// of life; the keeper itself counts these, too. Where nobody listens, words go nowhere.
/// </summary>
internal sealed class ServiceNotices : IAsyncDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    private readonly IBacking _backing;
    private readonly bool _isWatched;
    private readonly WatchdogPace _pace;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private Watchdog? _watchdog;
    private Task _running = Task.CompletedTask;
    private volatile bool _isStopping;

    private ServiceNotices(IBacking backing, WatchdogPace? watched, TimeProvider time, ILogger log)
    {
        (_backing, _time, _log) = (backing, time, log);
        _isWatched = watched is not null;
        _pace = watched?.Interval < WatchdogPace.Usual.Interval ? watched : WatchdogPace.Usual;
    }

    public static ServiceNotices Open(IBacking backing, Func<string, string?> variables, TimeProvider time, ILoggerFactory logs)
    {
        backing.Notify("STATUS=starting");
        return new(backing, WatchdogPace.Of(variables, backing.Pid), time, logs.CreateLogger("Mainstay.Cli.Notifying"));
    }

    /// <summary>Requests are being served. The manager's watchdog runs from here on.</summary>
    public void Ready(Func<StatusReport> status, Func<CancellationToken, Task<bool>> edgeAnswers)
    {
        _backing.Notify("READY=1", "STATUS=" + StatusText.Of(status(), 0, TimeSpan.Zero));
        _watchdog = new(_pace, edgeAnswers, ShowLife, _time, _log);
        _running = Task.WhenAll(TellStatusAsync(status), _watchdog.RunAsync(_end.Token));
    }

    /// <summary>Another core speaks from here on.</summary>
    public void Leaving()
    {
        _isStopping = true;
        _end.Cancel();
    }

    public void Stopping()
    {
        _isStopping = true;
        _watchdog?.Stopping();
        _backing.Notify("STOPPING=1", "STATUS=stopping: finishing what is in flight");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private void ShowLife()
    {
        _backing.Alive();
        if (_isWatched)
            _backing.Notify("WATCHDOG=1");
    }

    private async Task TellStatusAsync(Func<StatusReport> status)
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
                _backing.Notify("STATUS=" + text);
            (said, requests, since) = (text, report.Edge.Requests, _time.GetTimestamp());
        }
    }
}
