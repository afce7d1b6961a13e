using System.Diagnostics;
using System.Globalization;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Mainstay's own core dies; the application does not notice, and hardly anybody else.</summary>
public sealed class CoreDeathTests
{
    private const int PerSecond = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_killed_core_is_replaced_within_a_second_and_only_what_was_in_flight_fails()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 2) + "\n" + Ticker);
        var replicas = await run.ReplicasAsync();
        await using var load = SteadyLoad.Start(run.Port, PerSecond, _ => new("GET", "/who"), looksFirst: true);
        var times = Repeat.Times(ci: 5, full: 20);
        var (deaths, waits) = (new List<(TimeSpan From, TimeSpan To)>(), new List<TimeSpan>());
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
            var (core, from) = (run.CorePid, load.Elapsed);
            var death = GoneAsync(core, () => load.Elapsed);
            waits.Add(await KillAndAskAsync(run, core));
            deaths.Add((from, await death));
        }

        var report = await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{report.Failed / (double)times:0.0} requests in flight failed with each death\n{report}\nanswered again after {string.Join(", ", waits.Select(wait => $"{wait.TotalMilliseconds:0}"))} ms");
        Assert.Equal(replicas.Select(replica => (replica.Name, replica.Pid)), (await run.ReplicasAsync()).Select(replica => (replica.Name, replica.Pid)));
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(Repeat.Full ? 1 : 3)));
        // In flight while it died, which takes a busy machine some ten milliseconds: whoever came after that was answered.
        var others = report.Samples.Where(sample => sample.Failure is not null
            && !deaths.Any(death => sample.SentAt <= death.To && sample.SentAt + sample.Took >= death.From)).ToList();
        Assert.True(others.Count == 0, $"{string.Join('\n', others)}\n{run.Program.Tail}");
        await AssertNoLineLostAsync(run);
    }

    [Fact]
    public async Task A_core_that_cannot_go_on_is_tried_again_and_what_runs_is_kept()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 2));
        var replicas = await run.ReplicasAsync();
        // Something in the way of the state folder: no core can start.
        Directory.Move(workspace[".mainstay"], workspace["aside"]);
        workspace.Write(".mainstay", "in the way");
        Posix.Send(run.CorePid, Posix.SigKill);
        await SaysAsync(run, "the core ended with exit code 1");
        Assert.All(replicas, replica => Assert.True(Posix.Send(replica.Pid, 0), "a replica has ended"));
        File.Delete(workspace[".mainstay"]);
        Directory.Move(workspace["aside"], workspace[".mainstay"]);
        await SaysAsync(run, "Mainstay goes on serving");
        await run.ReadyAsync();
        Assert.Equal(replicas.Select(replica => replica.Pid), (await run.ReplicasAsync()).Select(replica => replica.Pid));
    }

    [Fact]
    public async Task A_stop_while_a_core_is_being_replaced_still_drains()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 2));
        Posix.Send(run.CorePid, Posix.SigKill);
        run.Program.Signal(Posix.Terminate);
        Assert.Equal(0, await run.Program.ExitAsync(Patience));
        Assert.Contains(run.Program.Output.Concat(run.Program.Errors), line => line.Contains("draining and stopping 2 replicas", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_folder_that_Mainstay_was_started_from_may_be_removed()
    {
        using var workspace = new Workspace();
        var port = Ports.Free();
        workspace.Write("app/mainstay.yaml", Counter.Manifest(replicas: 1).Replace("{PORT}", $"{port}", StringComparison.Ordinal));
        Directory.CreateDirectory(workspace["from"]);
        using var up = RunningProgram.Start(MainstayRun.Executable, ["up", workspace["app"]], workspace["from"]);
        try
        {
            await Eventually.True(() => up.Output.Any(line => line.StartsWith("Mainstay serves", StringComparison.Ordinal)), Patience, "up", () => up.Tail);
            Directory.Delete(workspace["from"]);
            Posix.Send(MainstayRun.CoreOf(up.Pid), Posix.SigKill);
            Assert.Equal(200, (await HttpConnection.OnceAsync(port, new("GET", "/who"))).Status);
        }
        finally
        {
            up.Signal(Posix.Terminate);
            Assert.Equal(0, await up.ExitAsync(Patience));
        }
    }

    [Fact]
    public async Task A_core_whose_keeper_has_gone_ends_and_does_not_become_a_keeper()
    {
        using var workspace = new Workspace();
        workspace.Write("mainstay.yaml", Counter.Manifest(replicas: 1).Replace("{PORT}", $"{Ports.Free()}", StringComparison.Ordinal));
        using var orphan = RunningProgram.Start(MainstayRun.Executable, ["up", workspace.Path], workspace.Path, new Dictionary<string, string> { ["MAINSTAY_KEEPER"] = "1" });
        Assert.Equal(1, await orphan.ExitAsync(Patience));
        Assert.False(Directory.Exists(workspace[".mainstay"]));
    }

    [Fact]
    public async Task A_core_that_dies_leaves_status_releases_and_scale_as_they_were()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(1, "deploy: { ready_for: 200ms }"));
        foreach (var command in (string[][])[["deploy", "--force"], ["scale", "web=3"]])
            Assert.Equal(0, (await run.CommandAsync(command)).ExitCode);
        var before = await run.ReplicasAsync();
        // What is on the disk is not what runs.
        workspace.Write("mainstay.yaml", "services: { web: broken");
        await KillAndAskAsync(run);
        await run.ReadyAsync();
        Assert.Equal(before, await run.ReplicasAsync());
        Posix.Send(before[0].Pid, Posix.SigKill);
        await Eventually.True(
            async () => await run.ReplicasAsync() is { Count: 3 } now && now.All(replica => replica.State == "ready" && replica.Pid != before[0].Pid),
            TimeSpan.FromSeconds(30), "the killed replica is back", () => run.Program.Tail);
        var stop = await run.CommandAsync("stop");
        Assert.True(stop.ExitCode == 0, stop.Text);
        Assert.Equal(0, await run.Program.ExitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_deploy_that_the_core_does_not_survive_is_taken_back()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2, "deploy: { ready_for: 30s }"));
        var before = await run.ReplicasAsync();
        using var deploy = RunningProgram.Start(MainstayRun.Executable, ["deploy", "--force"], workspace.Path);
        await Eventually.True(async () => (await run.ReplicasAsync()).Count(replica => replica.State == "ready") == 3, TimeSpan.FromSeconds(30), "a new replica", () => run.Program.Tail);
        await KillAndAskAsync(run);
        Assert.Equal(1, await deploy.ExitAsync(TimeSpan.FromSeconds(10)));
        await Eventually.True(async () => (await run.ReplicasAsync()).SequenceEqual(before), TimeSpan.FromSeconds(40), "the old ones alone", () => run.Program.Tail);
    }

    [Fact]
    public async Task A_stop_that_its_core_does_not_survive_is_carried_on_and_waited_for()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2));
        using var stop = RunningProgram.Start(MainstayRun.Executable, ["stop"], workspace.Path);
        await SaysAsync(run, "stopping: still serving");
        Assert.True(Posix.Send(run.CorePid, Posix.SigKill));
        Assert.Equal(0, await stop.ExitAsync(Patience));
        Assert.Equal(0, await run.Program.ExitAsync(Patience));
        Assert.Contains(run.Program.Output.Concat(run.Program.Errors), line => line.Contains("draining and stopping 2 replicas", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Program.Output, line => line.StartsWith("Mainstay goes on serving", StringComparison.Ordinal));
    }

    /// <summary>A worker that counts: each line once, or a line was lost or read twice.</summary>
    private const string Ticker = """
          ticker:
            command: [sh, -c, "i=0; while true; do i=$((i+1)); echo tick $i; sleep 0.02; done"]
            port: none
        routes: [ { path: /**, service: web } ]
        """;

    /// <summary>When the process was gone and reaped: until then it may still take requests.</summary>
    private static async Task<TimeSpan> GoneAsync(int pid, Func<TimeSpan> now)
    {
        await Eventually.True(() => !Posix.Send(pid, 0), TimeSpan.FromSeconds(10), "the killed core is gone");
        return now();
    }

    /// <summary>How long a client waits who comes right after the kill.</summary>
    private static Task<TimeSpan> KillAndAskAsync(MainstayRun run) => KillAndAskAsync(run, run.CorePid);

    private static async Task<TimeSpan> KillAndAskAsync(MainstayRun run, int core)
    {
        Assert.True(Posix.Send(core, Posix.SigKill));
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(200, (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Status);
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task AssertNoLineLostAsync(MainstayRun run)
    {
        var logs = await run.CommandAsync("logs", "ticker");
        Assert.Equal(0, logs.ExitCode);
        var ticks = Ticks(logs.Output);
        Assert.True(ticks.SequenceEqual(Enumerable.Range(1, ticks.Count)), $"logs: {Gaps(ticks)}");
        // The terminal may show once more what was on its way when the core died.
        var shown = Ticks(run.Program.Output).Distinct().ToList();
        Assert.True(shown.SequenceEqual(Enumerable.Range(1, shown.Count)), $"terminal: {Gaps(shown)}");
    }

    private static List<int> Ticks(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.Contains(" tick ", StringComparison.Ordinal)).Select(line => int.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture))];

    private static string Gaps(List<int> ticks) =>
        $"{ticks.Count} lines; " + string.Join(", ", ticks.Zip(ticks.Skip(1)).Where(pair => pair.Second != pair.First + 1).Select(pair => $"{pair.First} → {pair.Second}"));

    private static Task<TimeSpan> SaysAsync(MainstayRun run, string what) => Eventually.True(
        () => run.Program.Output.Concat(run.Program.Errors).Any(line => line.Contains(what, StringComparison.Ordinal)), Patience, what, () => run.Program.Tail);
}
