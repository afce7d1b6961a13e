using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Tests.Fakes;

namespace Mainstay.Supervisor.Tests.Rollout;

public sealed class RolloutTests
{
    private static readonly ServiceSpec Old = Specs.Service("serve {port}", replicas: 2);

    [Fact]
    public async Task A_changed_service_rolls_one_by_one_and_never_has_fewer_replicas()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        house.Traffic.WatchFewest();
        await house.DeployAsync(Old with { Command = ["serve", "{port}", "new"] });
        Assert.Equal(2, house.Traffic.Fewest);
        Assert.Equal("web-1 ready r2, web-3 ready r2", house.Replicas());
        Assert.All(house.Traffic.Admitted, replica => Assert.Equal(2, replica.Release));
    }

    [Theory]
    [InlineData("exit 3", "exited with code 3 before it was ready")]
    [InlineData("missing", "missing: command not found")]
    [InlineData("silent", "not ready within 0.3 s")]
    [InlineData("brief {port} 30", "exited with code 4")]
    public async Task A_release_that_fails_leaves_the_old_one_serving_in_full_number(string command, string reason)
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        house.Traffic.WatchFewest();
        var broken = Old with
        {
            Command = [.. command.Split(' ')],
            Health = Old.Health with { Start = TimeSpan.FromMilliseconds(300) },
            Deploy = Old.Deploy with { ReadyFor = TimeSpan.FromMilliseconds(500) },
        };
        var failure = await Assert.ThrowsAsync<RolloutException>(() => house.DeployAsync(broken));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("; release 1 goes on serving", failure.Message, StringComparison.Ordinal);
        Assert.Equal("web-1 ready r1, web-2 ready r1", house.Replicas());
        Assert.Equal(2, house.Traffic.Fewest);
        Assert.Contains("deploy failed", house.Supervisor.Status()[0].Rollout, StringComparison.Ordinal);
        Assert.Equal(2, house.Launcher.Running.Count);
        Assert.False(Directory.Exists(Path.Combine(house.State, "releases/web/2")));
    }

    [Fact]
    public async Task A_failure_at_the_second_replica_takes_the_first_one_back()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        house.Traffic.WatchFewest();
        house.Traffic.Ejects = replica => replica == "web-1" && house.Traffic.Admitted.Any(admitted => admitted is { Replica: "web-1", Release: 2 });
        var failure = await Assert.ThrowsAsync<RolloutException>(() => house.DeployAsync(Old with { Command = ["serve", "{port}", "new"] }));
        Assert.Contains("web-1 was ejected by the edge (5 failures in a row)", failure.Message, StringComparison.Ordinal);
        Assert.All(house.Traffic.Admitted, replica => Assert.Equal(1, replica.Release));
        Assert.Equal(2, house.Traffic.Admitted.Count);
        Assert.Equal(2, house.Traffic.Fewest);
    }

    [Fact]
    public async Task Without_overlap_the_old_one_ends_first_while_requests_are_held()
    {
        await using var house = new House();
        var alone = Old with { Replicas = 1, Deploy = Old.Deploy with { Overlap = false } };
        await house.StartReadyAsync(alone);
        house.Traffic.WatchFewest();
        await house.DeployAsync(alone with { Command = ["serve", "{port}", "new"] });
        Assert.Equal((0, 1), (house.Traffic.Fewest, house.Traffic.FewestUnheld));
        Assert.Equal("web-1 ready r2", house.Replicas());
    }

    [Fact]
    public async Task Without_overlap_a_failed_release_brings_the_old_one_back()
    {
        await using var house = new House();
        var alone = Old with { Replicas = 1, Deploy = Old.Deploy with { Overlap = false } };
        await house.StartReadyAsync(alone);
        await Assert.ThrowsAsync<RolloutException>(() => house.DeployAsync(alone with { Command = ["exit", "9"] }));
        Assert.Equal("web-1 ready r1", house.Replicas());
    }

    [Fact]
    public async Task Only_what_changed_is_touched_new_services_start_and_removed_ones_stop()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old, Specs.Service("serve {port}", name: "gone"));
        var before = house.Launcher.Running.Values.Where(process => process.Spec.Name.StartsWith("web", StringComparison.Ordinal)).Select(process => process.Pid).Order().ToList();
        await house.DeployAsync(Old with { Health = Old.Health with { Failures = 7 } }, Specs.Service("serve {port}", name: "fresh"));
        Assert.Equal(before, house.Launcher.Running.Values.Where(process => process.Spec.Name.StartsWith("web", StringComparison.Ordinal)).Select(process => process.Pid).Order());
        Assert.Equal(["web", "fresh"], house.Supervisor.Status().Select(service => service.Name));
        Assert.DoesNotContain(house.Launcher.Running.Values, process => process.Spec.Name.StartsWith("gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_is_gone_serves_until_its_traffic_was_led_elsewhere()
    {
        await using var house = new House();
        await house.StartReadyAsync(Specs.Service("serve {port}", name: "old"));
        var serving = Array.Empty<string>();
        Task Rolled()
        {
            serving = [.. house.Traffic.Admitted.Select(replica => replica.Replica).Order(StringComparer.Ordinal)];
            return Task.CompletedTask;
        }
        await house.Supervisor.DeployAsync(Specs.Manifest(Specs.Service("serve {port}", name: "new")), [], force: false, house.Progress, house.Deadline, Rolled);
        Assert.Equal(["new-1", "old-1"], serving);
        Assert.Equal(["new"], house.Supervisor.Status().Select(service => service.Name));
    }

    [Fact]
    public async Task A_rollout_that_cannot_be_written_down_is_no_failure()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        // A folder in the way of the draft refuses every write, like a full disk.
        Directory.CreateDirectory(Path.Combine(house.State, "releases/web/releases.json.new"));
        await house.DeployAsync(Old with { Command = ["serve", "{port}", "new"] });
        Assert.Equal("web-1 ready r2, web-3 ready r2", house.Replicas());
        Assert.Contains(house.Progress.Said, line => line.Contains("release 2 serves could not be written down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forced_everything_rolls()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        await house.Supervisor.DeployAsync(Specs.Manifest(Old), [], force: true, house.Progress, house.Deadline);
        Assert.Equal("web-1 ready r2, web-3 ready r2", house.Replicas());
    }

    [Fact]
    public async Task A_failed_build_touches_nothing()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        var launched = house.Launcher.Launched.Count;
        var failure = await Assert.ThrowsAsync<RolloutException>(() => house.DeployAsync(Old with { Deploy = Old.Deploy with { Build = ["exit", "2"] } }));
        Assert.Equal("web: deploy failed: build exited with code 2; release 1 goes on serving", failure.Message);
        Assert.Equal("about to exit with 2", failure.LastLines[0]);
        Assert.Equal(launched + 1, house.Launcher.Launched.Count);
    }

    [Fact]
    public async Task A_failed_before_stops_the_deploy_before_any_new_replica()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        var failure = await Assert.ThrowsAsync<RolloutException>(() => house.DeployAsync(
            Old with { Command = ["serve", "{port}", "new"], Deploy = Old.Deploy with { Before = ["exit", "5"] } }));
        Assert.Equal("web: deploy failed: `before` exited with code 5; release 1 goes on serving", failure.Message);
        Assert.Equal("web-1 ready r1, web-2 ready r1", house.Replicas());
    }

    [Fact]
    public async Task Rollback_goes_back_with_the_old_spec_and_the_next_start_stays_there()
    {
        await using var house = new House();
        var changed = Old with { Command = ["serve", "{port}", "new"] };
        await house.StartReadyAsync(Old);
        await house.DeployAsync(changed);
        await house.Supervisor.RollbackAsync("web", house.Progress, house.Deadline);
        Assert.All(house.Traffic.Admitted, replica => Assert.Equal(1, replica.Release));
        Assert.All(house.Launcher.Running.Values, process => Assert.Equal(2, process.Spec.Command.Length));
        var refused = await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.RollbackAsync("web", house.Progress, house.Deadline));
        Assert.Contains("there is no release before 1", refused.Message, StringComparison.Ordinal);

        await house.RestartMainstayAsync();
        await house.StartReadyAsync(changed);
        Assert.Equal("web-1 ready r1, web-2 ready r1", house.Replicas());
        await house.DeployAsync(changed);
        Assert.Equal("web-1 ready r3, web-3 ready r3", house.Replicas());
    }

    [Fact]
    public async Task A_restart_of_Mainstay_goes_on_with_the_release_and_builds_only_without_one()
    {
        await using var house = new House();
        var built = Old with { Deploy = Old.Deploy with { Build = ["exit", "0"] } };
        await house.StartReadyAsync(built);
        await house.RestartMainstayAsync();
        await house.StartReadyAsync(built);
        Assert.Equal(1, house.Launcher.Launched.Count(launch => launch.Name == "web build"));
        Assert.Equal("web-1 ready r1, web-2 ready r1", house.Replicas());
        await house.RestartMainstayAsync();
        await house.StartReadyAsync(built with { Command = ["serve", "{port}", "new"] });
        Assert.Equal("web-1 ready r2, web-2 ready r2", house.Replicas());
    }

    [Fact]
    public async Task Scale_goes_up_and_down_and_refuses_what_cannot_be()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old, Specs.Service("serve {port}", name: "fixed") with { Port = new PortSpec(PortKind.Fixed, 20999), Command = ["silent"], Health = Old.Health with { Start = TimeSpan.FromMilliseconds(50) }, Replicas = 0 });
        await house.Supervisor.ScaleAsync("web", 4, house.Progress, house.Deadline);
        Assert.Equal("web-1 ready r1, web-2 ready r1, web-3 ready r1, web-4 ready r1", house.Replicas());
        await house.Supervisor.ScaleAsync("web", 1, house.Progress, house.Deadline);
        Assert.Equal("web-1 ready r1", house.Replicas());
        await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.ScaleAsync("web", 0, house.Progress, house.Deadline));
        await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.ScaleAsync("fixed", 2, house.Progress, house.Deadline));
        await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.ScaleAsync("nobody", 2, house.Progress, house.Deadline));
        await house.DeployAsync(Old);
        Assert.Equal("web-1 ready r1, web-2 ready r1", house.Replicas());
    }

    [Fact]
    public async Task A_second_operation_is_refused_and_a_cancelled_one_is_taken_back()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        using var giveUp = new CancellationTokenSource();
        var slow = Old with { Command = ["silent"] };
        var deploy = house.Supervisor.DeployAsync(Specs.Manifest(slow), [], false, house.Progress, giveUp.Token);
        await house.UntilAsync(() => house.Launcher.Running.Count == 3);
        var refused = await Assert.ThrowsAsync<RolloutException>(() => house.Supervisor.RestartAsync("web", house.Progress, house.Deadline));
        Assert.Equal("web: a deploy is running; try again when it has ended", refused.Message);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploy.WaitAsync(house.Deadline));
        Assert.Equal("web-1 ready r1, web-2 ready r1", house.Replicas());
        await house.Supervisor.RestartAsync("web", house.Progress, house.Deadline).WaitAsync(house.Deadline);
        Assert.Equal("web-1 ready r1, web-3 ready r1", house.Replicas());
    }

    [Fact]
    public async Task Stop_during_a_deploy_ends_both()
    {
        await using var house = new House();
        await house.StartReadyAsync(Old);
        var deploy = house.DeployAsync(Old with { Command = ["silent"] });
        await house.UntilAsync(() => house.Launcher.Running.Count == 3);
        await house.Supervisor.StopAsync(house.Progress).WaitAsync(house.Deadline);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploy);
        Assert.Empty(house.Launcher.Running);
    }
}
