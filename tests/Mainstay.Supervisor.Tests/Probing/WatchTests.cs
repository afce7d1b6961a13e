using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Probing;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Supervisor.Tests.Probing;

public sealed class WatchTests
{
    private static readonly HealthSpec Health = new("/", null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(30));
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_start_is_asked_every_100_ms_and_ends_with_the_last_answer()
    {
        var probe = new Script(_ => ProbeResult.Bad("GET / answered 503"));
        var watch = new StartWatch(_time).UntilReadyAsync(probe, Health, () => null, default);
        await PassAsync(watch, TimeSpan.FromSeconds(31));
        Assert.Equal("not ready within 30 s: GET / answered 503", await watch);
        Assert.InRange(probe.Asked, 300, 302);
    }

    [Fact]
    public async Task Ready_is_ready_at_once_unless_something_objects()
    {
        var well = new Script(_ => ProbeResult.Well);
        Assert.Null(await new StartWatch(_time).UntilReadyAsync(well, Health, () => null, default));
        Assert.Equal("no", await new StartWatch(_time).UntilReadyAsync(well, Health, () => new Objection("no", Final: true), default));
    }

    [Fact]
    public async Task Readiness_is_lost_after_three_failures_in_a_row_and_regained_by_one_success()
    {
        var said = new List<string?>();
        using var end = new CancellationTokenSource();
        var script = new Script(n => n is 2 or 3 or 5 or 6 or 7 or 8 ? ProbeResult.Bad("bad") : ProbeResult.Well);
        var watch = new HealthWatch(new Probes(script, null), () => Health, _time).UntilDeadAsync(said.Add, _ => { }, () => false, end.Token);
        while (script.Asked < 10)
            await PassAsync(watch, TimeSpan.FromSeconds(1));
        Assert.Equal(["bad", null], said);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    [Fact]
    public async Task A_question_that_could_not_be_asked_changes_nothing()
    {
        var said = new List<string?>();
        var blind = new List<string?>();
        var script = new Script(n => n is 2 or 3 or 8 ? ProbeResult.Bad("bad") : n is >= 4 and <= 7 ? ProbeResult.NotAsked("no file") : ProbeResult.Well);
        var watch = new HealthWatch(new Probes(script, script), () => Health, _time).UntilDeadAsync(said.Add, blind.Add, () => true, default);
        while (script.Asked < 7)
            await PassAsync(watch, TimeSpan.FromSeconds(1));
        Assert.Equal(["no file"], blind);
        Assert.Empty(said);
        // The third failure in a row, if those in between are not counted.
        await PassAsync(watch, TimeSpan.FromSeconds(2));
        Assert.Equal("not alive: bad, 3 times in a row", await watch);
        Assert.Equal(["no file", null], blind);
    }

    [Fact]
    public async Task Liveness_lost_is_the_end_and_one_question_serves_both()
    {
        var script = new Script(n => n > 4 ? ProbeResult.Bad("GET / answered 500") : ProbeResult.Well);
        var watch = new HealthWatch(new Probes(script, script), () => Health, _time).UntilDeadAsync(_ => { }, _ => { }, () => false, default);
        await PassAsync(watch, TimeSpan.FromSeconds(20));
        Assert.Equal("not alive: GET / answered 500, 3 times in a row", await watch);
        Assert.Equal(7, script.Asked);
    }

    [Fact]
    public async Task A_worker_is_ready_once_it_has_lived_for_a_second()
    {
        var probe = new AliveProbe(_time);
        Assert.False((await probe.AskAsync(TimeSpan.Zero, default)).Ok);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await probe.AskAsync(TimeSpan.Zero, default)).Ok);
    }

    /// <summary>Lets fake time pass in small steps, each one long enough for the watch to come to rest.</summary>
    private async Task PassAsync(Task watch, TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span && !watch.IsCompleted; passed += StartWatch.Interval)
        {
            _time.Advance(StartWatch.Interval);
            for (var i = 0; i < 10; i++)
                await Task.Yield();
        }
    }

    private sealed class Script(Func<int, ProbeResult> answer) : IProbe
    {
        public int Asked { get; private set; }

        public Task<ProbeResult> AskAsync(TimeSpan timeout, CancellationToken cancel) => Task.FromResult(answer(++Asked));
    }
}
