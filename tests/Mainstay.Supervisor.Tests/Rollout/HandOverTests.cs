using Mainstay.Contracts.Launching;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Tests.Fakes;

namespace Mainstay.Supervisor.Tests.Rollout;

/// <summary>One supervisor holds still, leaves, and it or another one resumes.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task Held_still_nothing_can_be_done_and_released_everything_again()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}"));
        using (await house.Supervisor.HoldStillAsync("upgrade", house.Progress, house.Deadline))
        {
            var refused = await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.ScaleAsync("web", 2, house.Progress, house.Deadline));
            Assert.Equal("web: an upgrade is running; try again when it has ended", refused.Message);
            await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.HoldStillAsync("upgrade", house.Progress, house.Deadline));
        }

        await house.Supervisor.ScaleAsync("web", 2, house.Progress, house.Deadline);
    }

    [Fact]
    public async Task While_one_service_is_busy_no_other_is_held_either()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}", 1, "api"), Specs.Service("serve {port}"));
        house.Traffic.Draining = new TaskCompletionSource();
        var restart = house.Supervisor.RestartAsync("web", house.Progress, house.Deadline);
        await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.HoldStillAsync("upgrade", house.Progress, house.Deadline));
        house.Traffic.Draining.SetResult();
        await house.Supervisor.ScaleAsync("api", 2, house.Progress, house.Deadline);
        await restart.WaitAsync(house.Deadline);
        (await house.Supervisor.HoldStillAsync("upgrade", house.Progress, house.Deadline)).Dispose();
    }

    [Fact]
    public async Task Nothing_can_be_held_before_anything_runs()
    {
        await using var house = new House();
        await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.HoldStillAsync("upgrade", house.Progress, house.Deadline));
    }

    [Fact]
    public async Task Who_left_touches_nothing_any_more()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}", 2));
        using (await house.Supervisor.HoldStillAsync("upgrade", house.Progress, house.Deadline))
            await house.Supervisor.LeaveAsync().WaitAsync(house.Deadline);
        var said = house.Traffic.Said.Count;
        house.Launcher.Running.Values.First().End(new(1, 0));
        // Not even its own end changes that.
        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);
        Assert.Equal(2, house.Launcher.Launched.Count);
        Assert.Equal(said, house.Traffic.Said.Count);
        Assert.All(house.Launcher.Running.Values, process => Assert.Empty(process.Signals));
    }

    [Fact]
    public async Task Who_left_and_was_not_followed_resumes_itself()
    {
        await using var house = new House();
        var spec = Specs.Service("serve {port}", 2);
        await house.StartReadyAsync(spec);
        for (var i = 0; i < 3; i++)
        {
            using (await house.Supervisor.HoldStillAsync("upgrade", house.Progress, house.Deadline))
                await house.Supervisor.LeaveAsync().WaitAsync(house.Deadline);
            house.Launcher.KeepRunning();
            house.Resume(spec);
            await house.UntilAsync(() => house.Replicas() == "web-1 ready r1, web-2 ready r1");
            await house.UntilAsync(() => house.CanBeHeld());
        }

        Assert.Equal(2, house.Launcher.Launched.Count);
        await house.Supervisor.RestartAsync("web", house.Progress, house.Deadline);
        Assert.Equal(4, house.Launcher.Launched.Count);
    }

    [Fact]
    public async Task One_in_its_backoff_is_started_by_whoever_resumes()
    {
        await using var house = new House();
        await house.StartAsync(Specs.Service("exit 3"));
        await house.LeaveAsync();
        Assert.Empty(house.Launcher.Kept);
        var launched = house.Launcher.Launched.Count;
        house.Resume(Specs.Service("exit 3"));
        await house.UntilAsync(() => house.Launcher.Launched.Count > launched);
    }

    [Fact]
    public async Task One_that_starts_is_left_starting()
    {
        await using var house = new House();
        var start = house.StartAsync(Specs.Service("silent") with { Health = Specs.Service("silent").Health with { Start = TimeSpan.FromMilliseconds(300) } });
        await start;
        await house.LeaveAsync();
        Assert.All(house.Launcher.Kept, kept => Assert.Equal(LifeStage.Starting, ReplicaLabel.Parse(kept.Label.Span)!.Stage));
    }

    [Fact]
    public async Task A_label_follows_the_life_of_its_replica()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("stubborn {port}"));
        var process = house.Launcher.Running.Values.Single();
        await house.UntilAsync(() => ReplicaLabel.Parse(process.LastLabel)!.Stage == LifeStage.Ready);
        var label = ReplicaLabel.Parse(process.LastLabel)!;
        Assert.Equal(new("web", "web-1", 1, label.Port, 1, LifeStage.Ready, label.Since), label);
        Assert.NotNull(label.Since);
        house.Traffic.Draining = new TaskCompletionSource();
        var stop = house.Supervisor.StopAsync(house.Progress);
        await house.UntilAsync(() => ReplicaLabel.Parse(process.LastLabel)!.Stage == LifeStage.Stopping);
        house.Traffic.Draining.SetResult();
        await stop.WaitAsync(house.Deadline);
    }

    [Fact]
    public async Task A_stop_that_is_under_way_is_handed_over_at_once_and_finished_by_whoever_resumes()
    {
        await using var house = new House();
        var spec = Specs.Service("stubborn {port}");
        spec = spec with { Stop = spec.Stop with { Grace = TimeSpan.FromMinutes(5) } };
        house.Tree.Listener = pid => pid;
        await house.StartReadyAsync(spec);
        var process = house.Launcher.Running.Values.Single();
        // Its listener has vanished: it is condemned.
        house.Tree.Listener = pid => pid == process.Pid ? 0 : pid;
        process.Deafen();
        await house.UntilAsync(() => process.Signals.Count == 1);

        await house.LeaveAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(ReplicaLabel.Parse(process.LastLabel)!.Signalled);
        house.Resume(spec);
        await house.UntilAsync(() => house.Replicas() == "web-1 stopping r1");
        process.End(new(0, 0));

        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.Equal([Signals.Terminate], process.Signals);
        Assert.Equal(2, house.Launcher.Launched.Count);
        house.Launcher.Running.Values.Single().IgnoresStop = false;
    }

    [Fact]
    public async Task Who_cannot_go_on_stops_nothing_not_even_when_it_is_disposed()
    {
        await using var house = new House();
        var spec = Specs.Service("serve {port}", 2);
        await house.StartReadyAsync(spec);
        house.Traffic.Draining = new TaskCompletionSource();
        var scaling = house.Supervisor.ScaleAsync("web", 1, house.Progress, house.Deadline);
        await house.UntilAsync(() => house.Traffic.Said.Contains("drain web-2"));

        await house.Supervisor.AbandonAsync().WaitAsync(house.Deadline);
        await scaling.WaitAsync(house.Deadline);
        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);

        Assert.Equal(2, house.Launcher.Running.Count);
        Assert.All(house.Launcher.Running.Values, process => Assert.Empty(process.Signals));
    }

    [Fact]
    public async Task A_stop_just_after_resuming_stops_what_was_taken_over()
    {
        await using var house = new House();
        var spec = Specs.Service("serve {port}", 3);
        await house.StartReadyAsync(spec);
        await house.LeaveAsync();
        house.Resume(spec);
        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);
        Assert.Empty(house.Launcher.Running);
        Assert.Equal(3, house.Launcher.Launched.Count);
    }
}
