using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Tests.Verdicts;
using Microsoft.Extensions.Time.Testing;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class RecoveryWatchTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _recorder;

    public RecoveryWatchTests()
    {
        _recorder = new(new RecordingClock(_time), []);
        _recorder.Add(Histories.Get);
    }

    [Fact]
    public async Task Ends_once_five_good_seconds_and_one_for_their_answers_are_over() => Assert.Equal((true, 8), await WatchAsync(until: 2));

    [Fact]
    public async Task Ends_when_a_recovery_in_time_would_have_been_seen() => Assert.Equal((false, 16), await WatchAsync(until: 60));

    [Fact]
    public async Task The_last_start_counts()
    {
        _recorder.Happened(Kinds.Killed, "mainstay", "SIGKILL");
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((true, 7), await WatchAsync(until: 1));
    }

    [Fact]
    public async Task Without_a_start_there_is_nothing_to_wait_for() => Assert.False(await RecoveryWatch.SeenAsync(_recorder, Kinds.Killed, 10, default));

    /// <summary>A request every 10 ms, which fails until so many seconds after the start; how long was watched.</summary>
    private async Task<(bool Seen, double Seconds)> WatchAsync(double until)
    {
        _recorder.Happened(Kinds.Killed, "mainstay", "SIGKILL");
        var start = _recorder.Now;
        var watch = RecoveryWatch.SeenAsync(_recorder, Kinds.Killed, 10, default);
        while (!watch.IsCompleted)
        {
            for (var at = _recorder.Now; at < _recorder.Now + Tick.TotalMicroseconds; at += 10_000)
                _recorder.Add(at < start + (until * Runs.Second) ? Histories.Failed(at) : Histories.Good(at));
            _time.Advance(Tick);
        }
        return (await watch, Math.Round((_recorder.Now - start) / (double)Runs.Second));
    }
}
