using Mainstay.Contracts.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Rollout;
using Mainstay.Supervisor.Tests.Fakes;
using Mainstay.Testing;

namespace Mainstay.Supervisor.Tests.Rollout;

/// <summary>What a supervisor makes of processes that another one left, which was killed in the middle of anything.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task What_runs_goes_on_and_takes_traffic_without_a_new_launch()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(2));
        var since = Since(house);
        await house.LeaveAsync();
        house.Resume(Web(2));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1, web-2 ready r1");
        Assert.Equal(2, house.Launcher.Launched.Count);
        Assert.All(since.Zip(Since(house)), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.FromSeconds(-1), TimeSpan.FromMilliseconds(100)));
        Assert.Equal(2, house.Traffic.Admitted.Count);
        Assert.All(house.Launcher.Running.Values, process => Assert.Empty(process.Signals));
    }

    [Fact]
    public async Task Scale_and_restarts_are_as_they_were_whatever_the_manifest_says()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.Supervisor.ScaleAsync("web", 3, house.Progress, house.Deadline);
        await house.LeaveAsync();
        house.Resume(Web(1));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1, web-2 ready r1, web-3 ready r1");
        Assert.Equal(3, house.Launcher.Launched.Count);
    }

    [Fact]
    public async Task One_that_is_missing_is_started_and_one_that_died_unwatched_is_started_again()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(3));
        await house.LeaveAsync();
        house.Launcher.Running.Values.Single(process => process.Spec.Name == "web-2").Signal(Signals.Kill);
        // The third is not there any more.
        house.Launcher.Kept = [.. house.Launcher.Kept.Where(kept => kept.Name != "web-3")];
        house.Resume(Web(3));
        // The dead one is taken over as ready until its end has been read: its next launch is what to wait for.
        await house.UntilAsync(() => house.Launcher.Launched.Count == 5 && house.Replicas() == "web-1 ready r1, web-2 ready r1, web-3 ready r1");
        Assert.Contains("web-2 was killed by SIGKILL; starting again", house.Progress.Said);
        Assert.Equal(5, house.Launcher.Launched.Count);
    }

    [Fact]
    public async Task A_process_without_a_label_is_ended()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.LeaveAsync();
        var build = house.Launcher.Leave("web build", []);
        var odd = house.Launcher.Leave("odd", "{\"Service\":\"web\"}"u8.ToArray());
        house.Resume(Web(1));
        await Task.WhenAll(build.Exited, odd.Exited).WaitAsync(house.Deadline);
        Assert.All(new[] { build, odd }, process => Assert.Equal([Signals.Kill], process.Signals));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.Single(house.Launcher.Running);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_that_is_not_in_the_manifest_is_drained_and_stopped_and_nothing_of_it_is_remembered(bool isNoted)
    {
        await using var house = new House();
        var old = Specs.Service("serve {port}", 2, "old");
        await house.StartReadyAsync(Web(1), old with { Stop = old.Stop with { Signal = "SIGINT" } });
        await house.LeaveAsync();
        var left = house.Launcher.Running.Values.Where(process => process.Spec.Name.StartsWith("old", StringComparison.Ordinal)).ToList();
        if (!isNoted)
        {
            house.Notes.Write(ServiceNote.KeyOf("old"), default);
            Directory.Delete(Path.Combine(house.State, "releases", "old"), recursive: true);
        }

        house.Resume(Web(1));
        await Task.WhenAll(left.Select(process => process.Exited)).WaitAsync(house.Deadline);
        await house.UntilAsync(() => house.Output.Forgotten.Contains("old") && house.Replicas() == "web-1 ready r1");

        Assert.Equal(2, left.Count);
        Assert.All(left, process => Assert.Equal([isNoted ? Signals.Interrupt : Signals.Terminate], process.Signals));
        Assert.Equal(2, house.Traffic.Said.Count(said => said.StartsWith("drain old", StringComparison.Ordinal)));
        Assert.Null(house.Notes.Read(ServiceNote.KeyOf("old")));
        Assert.Contains("old: no longer in the manifest; draining and stopping it", house.Progress.Said);
    }

    [Fact]
    public async Task One_that_was_sent_its_stop_signal_is_not_sent_it_again_and_has_only_what_is_left_of_its_time()
    {
        await using var house = new House();
        var spec = Web(1) with { Stop = Web(1).Stop with { Grace = TimeSpan.FromMinutes(5) } };
        await house.StartReadyAsync(spec);
        await house.LeaveAsync();
        var leaving = house.Launcher.Leave("web-2", Signalled("web-2", TimeSpan.FromMinutes(4)));
        var late = house.Launcher.Leave("web-3", Signalled("web-3", TimeSpan.FromMinutes(6)));
        leaving.IgnoresStop = true;

        house.Resume(spec);
        await late.Exited.WaitAsync(house.Deadline);
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1, web-2 stopping r1");

        Assert.Equal([Signals.Kill], late.Signals);
        Assert.Contains("web-3 did not stop within its grace of 300 s and was killed", house.Progress.Said);
        Assert.Empty(leaving.Signals);
        leaving.End(new(0, 0));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.DoesNotContain(house.Traffic.Said, said => said is "admit web-2" or "admit web-3");
    }

    [Fact]
    public async Task Of_two_under_one_name_the_one_that_was_launched_last_goes_on()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.LeaveAsync();
        var port = Ports.Free();
        var later = house.Launcher.Leave("web-1", Label("web", "web-1", 1, port), port);
        house.Resume(Web(1));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1" && house.Launcher.Running.Count == 1);
        Assert.Equal(later.Pid, house.Launcher.Running.Keys.Single());
        Assert.Equal(port, Assert.Single(house.Traffic.Admitted).Port);
    }

    [Fact]
    public async Task A_rollout_that_was_interrupted_is_taken_back()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(2));
        await house.LeaveAsync();
        // One of the old ones had been replaced already; the next release was never chosen.
        house.Launcher.Kept = [.. house.Launcher.Kept.Where(kept => kept.Name == "web-2")];
        house.Launcher.Running.Values.Single(process => process.Spec.Name == "web-1").Signal(Signals.Kill);
        var port = Ports.Free();
        var stranger = house.Launcher.Leave("web-3", Label("web", "web-3", 2, port), port);
        house.Resume(Web(2));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1, web-2 ready r1");
        Assert.Contains("web: a rollout was interrupted; going back to release 1", house.Progress.Said);
        Assert.True((await stranger.Exited.WaitAsync(house.Deadline)).Signal == Signals.Terminate);
        Assert.Equal(3, house.Launcher.Launched.Count);
    }

    [Fact]
    public async Task Those_too_many_go_and_those_that_serve_stay()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.LeaveAsync();
        var port = Ports.Free();
        var surplus = house.Launcher.Leave("web-2", Label("web", "web-2", 1, port), port);
        house.Resume(Web(1));
        await surplus.Exited.WaitAsync(house.Deadline);
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
    }

    [Fact]
    public async Task One_that_was_being_stopped_gets_no_traffic_again_and_is_stopped()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.LeaveAsync();
        var port = Ports.Free();
        var leaving = house.Launcher.Leave("web-2", Label("web", "web-2", 1, port, LifeStage.Stopping), port);
        house.Resume(Web(1));
        await leaving.Exited.WaitAsync(house.Deadline);
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.DoesNotContain("admit web-2", house.Traffic.Said);
        Assert.Equal([Signals.Terminate], leaving.Signals);
    }

    [Fact]
    public async Task One_that_was_starting_is_waited_for()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.LeaveAsync();
        house.Launcher.Running[1001].Signal(Signals.Kill);
        house.Launcher.Kept = [];
        var port = Ports.Free();
        var starting = house.Launcher.Leave("web-1", Label("web", "web-1", 1, port, LifeStage.Starting));
        var admitted = house.Traffic.Said.Count(said => said == "admit web-1");
        house.Resume(Web(1));
        await house.UntilAsync(() => house.Replicas() == "web-1 starting r1");
        Assert.Equal(admitted, house.Traffic.Said.Count(said => said == "admit web-1"));
        starting.Listen(port);
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.Single(house.Launcher.Launched);
    }

    [Fact]
    public async Task Where_two_must_not_overlap_the_stranger_goes_before_its_successor_comes()
    {
        await using var house = new House();
        var spec = Web(1) with { Deploy = Web(1).Deploy with { Overlap = false } };
        await house.StartReadyAsync(spec);
        await house.LeaveAsync();
        house.Launcher.Running[1001].Signal(Signals.Kill);
        house.Launcher.Kept = [];
        var port = Ports.Free();
        var stranger = house.Launcher.Leave("web-2", Label("web", "web-2", 2, port), port);
        var launchedBeforeTheEnd = -1;
        _ = stranger.Exited.ContinueWith(_ => launchedBeforeTheEnd = house.Launcher.Launched.Count, TaskContinuationOptions.ExecuteSynchronously);
        house.Resume(spec);
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        Assert.True(stranger.Exited.IsCompleted);
        Assert.Equal(2, house.Launcher.Launched.Count);
        Assert.Contains("hold", house.Traffic.Said);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_word_about_a_service_it_runs_all_the_same_and_its_processes_are_not_lost(bool damaged)
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(2));
        await house.LeaveAsync();
        house.Notes.Write(ServiceNote.KeyOf("web"), damaged ? "{\"Version\":99}"u8 : default);
        house.Resume(Web(2));
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1, web-2 ready r1");
        Assert.Equal(2, house.Launcher.Launched.Count);
        Assert.Equal(2, house.Launcher.Running.Count);
    }

    [Fact]
    public async Task Without_a_word_and_without_processes_a_service_is_started()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.LeaveAsync();
        house.Resume(Web(1), Specs.Service("serve {port}", 2, "api"));
        await house.UntilAsync(() => house.Replicas("api") == "api-1 ready r1, api-2 ready r1" && house.Replicas() == "web-1 ready r1");
    }

    [Fact]
    public async Task A_service_that_cannot_be_prepared_is_told_of_leaves_no_process_and_the_others_go_on()
    {
        await using var house = new House();
        await house.StartReadyAsync(Web(1));
        await house.LeaveAsync();
        var api = Specs.Service("serve {port}", 1, "api");
        var orphan = house.Launcher.Leave("api-1", Label("api", "api-1", 1, null));
        house.Resume(Web(1), api with { Deploy = api.Deploy with { Build = ["exit", "3"] } });
        await orphan.Exited.WaitAsync(house.Deadline);
        await house.UntilAsync(() => house.Replicas() == "web-1 ready r1");
        await house.UntilAsync(() => house.Progress.Said.Any(line => line.StartsWith("api: could not be brought back to what it should be", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_start_that_an_earlier_supervisor_did_not_complete_is_begun_anew_and_nothing_of_it_runs_on()
    {
        await using var house = new House();
        var port = Ports.Free();
        var orphan = house.Launcher.Leave("web-1", Label("web", "web-1", 1, port), port);
        var build = house.Launcher.Leave("web build", []);
        await house.StartReadyAsync(Web(2));
        Assert.True(orphan.Exited.IsCompleted && build.Exited.IsCompleted);
        Assert.Equal(2, house.Launcher.Running.Count);
        Assert.Equal("web-1 ready r1, web-2 ready r1", house.Replicas());
    }

    private static IReadOnlyList<DateTimeOffset> Since(House house) => [.. house.Supervisor.Status()[0].Replicas.Select(replica => replica.Since)];

    private static ServiceSpec Web(int replicas) => Specs.Service("serve {port}", replicas);

    private static byte[] Signalled(string replica, TimeSpan ago) => new ReplicaLabel(
        "web", replica, 1, 4000, 1, LifeStage.Stopping, Since: null, TimeProvider.System.GetTimestamp() - (long)(ago.TotalSeconds * TimeProvider.System.TimestampFrequency)).Format();

    private static byte[] Label(string service, string replica, int release, int? port, LifeStage stage = LifeStage.Ready) =>
        new ReplicaLabel(service, replica, release, port, 1, stage).Format();
}
