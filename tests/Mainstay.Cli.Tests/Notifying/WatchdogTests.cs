using Mainstay.Cli.Notifying;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Cli.Tests.Notifying;

public sealed class WatchdogTests : IDisposable
{
    private static readonly WatchdogPace Pace = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));

    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog _log = new();
    private readonly CancellationTokenSource _end = new();
    private Func<CancellationToken, Task<bool>> _probe = _ => Task.FromResult(true);
    private int _probes;
    private int _pings;

    public void Dispose() => _end.Dispose();

    [Fact]
    public async Task Every_interval_has_its_sign_of_life()
    {
        var running = Watchdog().RunAsync(_end.Token);
        Assert.Equal(1, _pings);
        Advance(15, 15);
        Assert.Equal(3, _pings);
        Assert.Empty(_log.Lines);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_probe_that_hangs_brings_none_and_is_said_once()
    {
        var running = Watchdog().RunAsync(_end.Token);
        _probe = _ => new TaskCompletionSource<bool>().Task;
        Advance(15);
        for (var i = 0; i < 30; i++)
            Advance(1);
        Assert.Equal(1, _pings);
        Assert.True(_probes >= 10, $"{_probes} probes");
        Assert.StartsWith("Error: the edge does not answer", Assert.Single(_log.Lines), StringComparison.Ordinal);
        _probe = _ => Task.FromResult(true);
        Advance(1, 1);
        Assert.Equal(2, _pings);
        Assert.Equal("Information: the edge answers its own requests again", _log.Lines[1]);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_probe_that_fails_brings_none()
    {
        _probe = _ => Task.FromResult(false);
        var running = Watchdog().RunAsync(_end.Token);
        Advance(1);
        _probe = _ => throw new InvalidOperationException("broken");
        Advance(1, 1);
        Assert.Equal(0, _pings);
        Assert.Single(_log.Lines);
        await EndAsync(running);
    }

    [Fact]
    public async Task While_it_stops_nobody_is_asked()
    {
        var watchdog = Watchdog();
        var running = watchdog.RunAsync(_end.Token);
        var asked = _probes;
        watchdog.Stopping();
        Advance(15, 15);
        Assert.Equal((asked, 3), (_probes, _pings));
        await EndAsync(running);
    }

    private Watchdog Watchdog() => new(Pace, Probe, () => _pings++, _time, _log);

    private Task<bool> Probe(CancellationToken cancel)
    {
        _probes++;
        return _probe(cancel);
    }

    private void Advance(params int[] seconds)
    {
        foreach (var second in seconds)
            _time.Advance(TimeSpan.FromSeconds(second));
    }

    private async Task EndAsync(Task running)
    {
        await _end.CancelAsync();
        await running;
    }

    private sealed class RecordedLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
