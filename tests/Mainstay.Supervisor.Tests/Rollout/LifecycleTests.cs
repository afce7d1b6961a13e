using Mainstay.Contracts.Launching;
using Mainstay.Supervisor.Tests.Fakes;

namespace Mainstay.Supervisor.Tests.Rollout;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Every_replica_becomes_ready_takes_traffic_and_is_told_about()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}", replicas: 3));
        Assert.Equal("web-1 ready r1, web-2 ready r1, web-3 ready r1", house.Replicas());
        Assert.Equal(3, house.Traffic.Admitted.Count);
        Assert.Contains(house.Progress.Said, line => line.StartsWith("web-2 ready on 127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_killed_replica_leaves_traffic_at_once_and_is_launched_again()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}"));
        house.Launcher.Running.Values.Single().Signal(Signals.Kill);
        await house.UntilAsync(() => house.Launcher.Launched.Count == 2 && house.Replicas() == "web-1 ready r1");
        Assert.Contains("web-1 was killed by SIGKILL; starting again", house.Progress.Said);
        Assert.Equal(1, house.Supervisor.Status()[0].Replicas[0].Restarts);
    }

    [Fact]
    public async Task Readiness_lost_suspends_and_regained_admits_and_kills_nobody()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}"));
        var process = house.Launcher.Running.Values.Single();
        process.Deafen();
        await house.UntilAsync(() => house.Replicas() == "web-1 ejected r1");
        Assert.Empty(house.Traffic.Admitted);
        process.Listen(int.Parse(process.Spec.Command[1]));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.Single(house.Traffic.Admitted);
        Assert.Single(house.Launcher.Launched);
    }

    [Fact]
    public async Task A_listener_that_vanished_is_replaced()
    {
        await using var house = new House();
        var deaf = false;
        house.Tree.Listener = group => Volatile.Read(ref deaf) && group == 1001 ? 0 : group + 5000;
        await house.StartReadyAsync(Specs.Service("serve {port}"));
        Assert.Equal(6001, house.Supervisor.Status()[0].Replicas[0].Pid);
        Volatile.Write(ref deaf, true);
        house.Launcher.Running.Values.Single().Deafen();
        await house.UntilAsync(() => house.Launcher.Launched.Count == 2 && house.Replicas() == "web-1 ready r1");
    }

    [Fact]
    public async Task A_replica_that_is_not_ready_in_time_is_killed_with_the_last_answer_as_reason()
    {
        await using var house = new House();
        var spec = Specs.Service("silent");
        await house.StartAsync(spec with { Health = spec.Health with { Start = TimeSpan.FromMilliseconds(150) } });
        await house.UntilAsync(() => house.Progress.Said.Any(line => line.Contains("not ready within 0.15 s: nothing listens on its port", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_crash_loop_is_said_once_and_shown_with_its_last_lines()
    {
        await using var house = new House();
        await house.StartAsync(Specs.Service("exit 3"));
        var replica = house.Supervisor.Status()[0].Replicas[0];
        Assert.Equal(("crashed", "exited with code 3", "about to exit with 3"), (replica.State, replica.Reason, replica.LastLines?[0]));
        Assert.Single(house.Progress.Said, line => line.Contains("crash loop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_fails_the_start_with_one_line_and_nothing_left()
    {
        await using var house = new House();
        var failure = await Assert.ThrowsAsync<RolloutException>(() => house.StartAsync(Specs.Service("serve {port}", 2, "good"), Specs.Service("missing")));
        Assert.Equal("web: missing: command not found; install it or correct the command", failure.Message);
        Assert.Empty(house.Launcher.Running);
    }

    [Fact]
    public async Task A_shell_that_does_not_find_its_command_fails_the_start_too()
    {
        await using var house = new House();
        var failure = await Assert.ThrowsAsync<RolloutException>(() => house.StartAsync(Specs.Service("exit 127")));
        Assert.Equal("web: exited with code 127 (a command was not found)", failure.Message);
    }

    [Fact]
    public async Task A_port_that_was_taken_is_exchanged_without_counting_as_a_death()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("clash 2 {port}"));
        var ports = house.Launcher.Launched.Select(launch => launch.Command[2]).ToList();
        Assert.Equal(3, ports.Distinct().Count());
        Assert.DoesNotContain(house.Progress.Said, line => line.Contains("exited", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_strangers_listener_does_not_make_a_replica_ready()
    {
        await using var house = new House();
        house.Tree.Listener = group => group == 1001 ? 0 : group;
        await house.StartReadyAsync(Specs.Service("serve {port}"));
        Assert.Equal(2, house.Launcher.Launched.Count);
        Assert.Equal(1002, house.Supervisor.Status()[0].Replicas[0].Pid);
    }

    [Fact]
    public async Task Stop_drains_then_signals_then_kills_the_stubborn()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("stubborn {port}"));
        var process = house.Launcher.Running.Values.Single();
        house.Traffic.Draining = new TaskCompletionSource();
        var stop = house.Supervisor.StopAsync(house.Progress);
        await house.UntilAsync(() => house.Replicas() == "web-1 draining r1");
        Assert.Empty(process.Signals);
        house.Traffic.Draining.SetResult();
        await stop.WaitAsync(house.Deadline);
        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);
        Assert.Equal([Signals.Terminate, Signals.Kill], process.Signals);
        Assert.Empty(house.Launcher.Running);
    }

    [Fact]
    public async Task A_replica_that_dies_while_it_drains_is_not_waited_for()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}"));
        house.Traffic.Draining = new TaskCompletionSource();
        var stop = house.Supervisor.StopAsync(house.Progress);
        await house.UntilAsync(() => house.Replicas() == "web-1 draining r1");
        house.Launcher.Running.Values.Single().Signal(Signals.Kill);
        await stop.WaitAsync(house.Deadline);
    }

    [Fact]
    public async Task Stop_during_a_start_ends_the_start()
    {
        await using var house = new House();
        var start = house.StartAsync(Specs.Service("silent"));
        await house.UntilAsync(() => house.Launcher.Running.Count == 1);
        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        Assert.Empty(house.Launcher.Running);
    }

    [Fact]
    public async Task A_replica_near_its_memory_limit_is_replaced_make_before_break_and_only_once()
    {
        await using var house = new House();
        var looks = 0;
        house.Tree.Memory = _ => Interlocked.Increment(ref looks) > 0 ? 95 : null;
        await house.StartReadyAsync(Specs.Service("serve {port}", 2) with { Memory = 100 });
        house.Traffic.WatchFewest();
        await house.UntilAsync(() => house.Launcher.Launched.Count == 3 && house.Launcher.Running.Count == 2);
        var seen = Volatile.Read(ref looks);
        await house.UntilAsync(() => Volatile.Read(ref looks) >= seen + 8); // each look asks for two replicas, twice
        Assert.Equal(3, house.Launcher.Launched.Count);
        Assert.Equal(2, house.Traffic.Fewest);
        Assert.Contains(house.Progress.Said, line => line.Contains("of its 0 MiB: being replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_far_over_its_memory_limit_is_ended_at_once_while_another_serves()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}", 2) with { Memory = 100 << 20 });
        var big = house.Launcher.Running[1001];
        house.Tree.Memory = group => group == 1001 ? 160 << 20 : 10 << 20;
        await house.UntilAsync(() => house.Launcher.Launched.Count == 3 && house.Launcher.Running.Count == 2 && house.Replicas() == "web-1 ready r1, web-2 ready r1");
        Assert.Equal([Signals.Terminate], big.Signals);
        Assert.Contains(house.Progress.Said, line => line.EndsWith(" ended: over its memory: 160 MiB of 100 MiB; starting again", StringComparison.Ordinal));
        Assert.Equal(1, house.Supervisor.Status()[0].Replicas.Sum(replica => replica.Restarts));
    }

    [Fact]
    public async Task The_last_one_is_ended_at_twice_its_memory_limit()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}") with { Memory = 100 });
        house.Tree.Memory = group => group == 1001 ? 210 : 10;
        await house.UntilAsync(() => house.Launcher.Launched.Count == 2 && house.Replicas() == "web-1 ready r1");
        Assert.Contains(house.Progress.Said, line => line.StartsWith("web-1 ended: over its memory:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(0, 15, null)]
    [InlineData(143, 0, null)] // as runtimes and shells put it
    [InlineData(1, 0, "web-1 exited with code 1 when it was stopped")]
    [InlineData(0, 11, "web-1 was killed by SIGSEGV when it was stopped")]
    public async Task An_end_that_was_not_clean_is_said_once(int code, int signal, string? said)
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}"));
        house.Launcher.Running.Values.Single().StopStatus = new(code, signal);

        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);

        Assert.Equal(said is null ? [] : [said], house.Progress.Said.Where(line => line.EndsWith("when it was stopped", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_that_does_not_stop_in_time_is_said_to_have_been_killed()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("stubborn {port}"));
        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);
        Assert.Single(house.Progress.Said, "web-1 did not stop within its grace of 0.2 s and was killed");
    }

    [Fact]
    public async Task A_service_that_is_deployed_away_is_not_remembered()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}"), Specs.Service("serve {port}", 1, "old"));
        await house.DeployAsync(Specs.Service("serve {port}"));
        Assert.Equal(["old"], house.Output.Forgotten);
    }
}
