using Mainstay.Testing;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary><c>mainstay prove</c> on real applications: what is broken is found, what is healthy holds, nothing stays behind.</summary>
public sealed class ProveTests
{
    private const int Violated = 99;
    private const int Inconclusive = 3;

    private const string Server = """
        const server = require('http').createServer((request, response) =>
          setTimeout(() => response.end('hello\n'), 5));
        server.listen(process.env.PORT, '127.0.0.1');
        process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
        """;

    [Fact]
    public async Task A_healthy_application_holds_and_its_report_says_the_same_again()
    {
        using var workspace = App("retries: 2");
        var proved = await MainstayRun.CommandAsync(workspace, "prove", workspace.Path, "--only", "kill-replica", "--report", workspace["report"]);
        Assert.True(proved.ExitCode == 0, proved.Text);
        var judged = await MainstayRun.CommandAsync(workspace, "prove", "--judge", workspace["report"]);
        Assert.True(judged.ExitCode == 0, judged.Text);
        Assert.Contains(judged.Output, line => line.Contains("kill-replica web", StringComparison.Ordinal) && line.Contains("holds", StringComparison.Ordinal));
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task Without_retries_a_killed_replica_loses_requests_and_that_is_found()
    {
        using var workspace = App("retries: 0");
        var proved = await MainstayRun.CommandAsync(workspace, "prove", workspace.Path, "--only", "kill-replica", "--report", workspace["report"]);
        Assert.True(proved.ExitCode == Violated, proved.Text);
        var judged = await MainstayRun.CommandAsync(workspace, "prove", "--judge", workspace["report"]);
        Assert.True(judged.ExitCode == Violated, judged.Text);
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task What_it_kills_leaves_no_file_in_the_temporary_folder()
    {
        using var workspace = App("retries: 2");
        // Each core that is killed leaves three, wherever it was told to put them.
        using var prove = Start(workspace, "kill-mainstay");
        Assert.True(await prove.ExitAsync(TimeSpan.FromSeconds(90)) == 0, prove.Tail);
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task Killed_in_the_middle_it_leaves_nothing_behind()
    {
        using var workspace = App("retries: 2");
        using var prove = Start(workspace, "baseline");
        await Eventually.True(
            () => Task.FromResult(prove.Output.Any(line => line.StartsWith("[1/1]", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(60), "the first experiment has begun", () => prove.Tail);
        var left = Leftovers.Of(prove.Pid, $"PROVED={workspace.Path}");
        Assert.True(left.Processes >= 4, $"only {left.Processes} processes below it");
        Assert.True(left.Ports >= 3, $"they listen on {left.Ports} ports only");
        prove.Signal(Posix.SigKill);
        await left.GoneAsync(TimeSpan.FromSeconds(3));
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task Interrupted_it_stops_what_it_started_and_says_so()
    {
        using var workspace = App("retries: 2");
        using var prove = Start(workspace, "baseline");
        await Eventually.True(
            () => Task.FromResult(prove.Output.Any(line => line.StartsWith("[1/1]", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(60), "the first experiment has begun", () => prove.Tail);
        var below = ProcessTree.Below(prove.Pid);
        prove.Signal(Posix.Interrupt);
        Assert.Equal(1, await prove.ExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(prove.Errors, line => line.Contains("interrupted", StringComparison.Ordinal));
        Assert.Empty(ProcessTree.Alive(below));
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task On_a_full_disk_it_says_so_and_leaves_nothing()
    {
        using var workspace = App("retries: 2");
        var full = workspace["full"];
        await using var disk = await SmallDisk.MountAsync(full, "256k");
        if (disk is null)
        {
            Assert.Skip("mounting a small disk needs root");
            return;
        }
        Directory.CreateDirectory(Path.Combine(full, "report"));
        await disk.FillAsync();
        var before = Directory.GetFileSystemEntries(full, "*", SearchOption.AllDirectories);
        using (var prove = RunningProgram.Start(MainstayRun.Executable, ["prove", "--only", "kill-replica"], workspace.Path, new Dictionary<string, string> { ["TMPDIR"] = full }))
        {
            Assert.Equal(Inconclusive, await prove.ExitAsync(TimeSpan.FromSeconds(60)));
            Assert.Contains("set TMPDIR to a place with room", Assert.Single(prove.Errors), StringComparison.Ordinal);
        }

        // What was found is said all the same.
        var unwritten = await MainstayRun.CommandAsync(workspace, "prove", "--only", "kill-replica", "--report", Path.Combine(full, "report"));
        Assert.True(unwritten.ExitCode == Inconclusive, unwritten.Text);
        Assert.Contains("The one experiment holds.", unwritten.Output);
        Assert.Contains("the report could not be written", Assert.Single(unwritten.Errors), StringComparison.Ordinal);
        Assert.Equal(before.Append(Path.Combine(full, "report", "histories")).Order(), Directory.GetFileSystemEntries(full, "*", SearchOption.AllDirectories).Order());
        AssertNothingLeft(workspace);
    }

    [Fact]
    public async Task What_is_malformed_is_refused_before_anything_is_started()
    {
        using var workspace = App("retries: 2");
        var unknown = await MainstayRun.CommandAsync(workspace, "prove", "--only", "kill-everything");
        Assert.True(unknown.ExitCode == 2, unknown.Text);
        Assert.Contains("kill-replica", unknown.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await MainstayRun.CommandAsync(workspace, "prove", "--judge", workspace.Path)).ExitCode);
        Assert.Equal(2, (await MainstayRun.CommandAsync(workspace, "prove", "--allow", "nobody")).ExitCode);
        var nothing = await MainstayRun.CommandAsync(workspace, "prove", "--only", "dependency-down");
        Assert.True(nothing.ExitCode == 2, nothing.Text);
        Assert.Contains("it applies to dependencies that a service `needs`, and there are none", nothing.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_for_nothing_is_refused_before_anything_is_started()
    {
        using var workspace = App("retries: 2");
        var refused = await MainstayRun.CommandAsync(workspace, "prove", "--budget", "10s", "--report", workspace["report"]);
        Assert.True(refused.ExitCode == Inconclusive, refused.Text);
        Assert.Empty(refused.Output);
        Assert.Contains("give at least --budget", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace["report"]));
    }

    [Fact]
    public async Task An_imported_experiment_stands_beside_the_manifest_and_one_that_is_malformed_is_refused()
    {
        using var workspace = App("retries: 2");
        workspace.Write("chaos.json", """
            { "title": "a kill", "method": [ { "type": "action", "name": "kill", "provider": { "type": "process", "path": "pkill", "arguments": "-9 web" } } ] }
            """);
        var imported = await MainstayRun.CommandAsync(workspace, "prove", "--import", workspace["chaos.json"]);
        Assert.True(imported.ExitCode == 0, imported.Text);
        Assert.Contains("kind: kill, service: web, replicas: all", File.ReadAllText(workspace["experiments/chaos.yaml"]), StringComparison.Ordinal);
        Assert.Equal(2, (await MainstayRun.CommandAsync(workspace, "prove", "--import", workspace["chaos.json"])).ExitCode);
        Assert.Contains("did you mean chaos?", (await MainstayRun.CommandAsync(workspace, "prove", "--only", "chaoss")).Text, StringComparison.Ordinal);

        workspace.Write("experiments/mine.yaml", "fault: { kind: kil, service: web }\ninvariants: [no_failures]\n");
        var refused = await MainstayRun.CommandAsync(workspace, "prove", "--only", "chaos");
        Assert.True(refused.ExitCode == 2, refused.Text);
        Assert.Contains("mine.yaml:1:16: fault.kind: `kil` is not known; did you mean `kill`?", refused.Text, StringComparison.Ordinal);
        AssertNothingLeft(workspace);
    }

    private static Workspace App(string route)
    {
        var workspace = new Workspace();
        workspace.Write("server.js", Server);
        workspace.Write("mainstay.yaml", $$"""
            name: tried
            services:
              web: { command: node server.js, replicas: 2 }
            routes:
              - { path: /, service: web, {{route}} }
            """);
        return workspace;
    }

    private static RunningProgram Start(Workspace workspace, string experiment)
    {
        Directory.CreateDirectory(workspace["tmp"]);
        return RunningProgram.Start(
            MainstayRun.Executable, ["prove", workspace.Path, "--only", experiment], workspace.Path,
            new Dictionary<string, string> { ["PROVED"] = workspace.Path, ["TMPDIR"] = workspace["tmp"] });
    }

    /// <summary>State, ports and temporary files were the laboratory's own.</summary>
    private static void AssertNothingLeft(Workspace workspace)
    {
        Assert.False(Directory.Exists(workspace[".mainstay"]));
        if (Directory.Exists(workspace["tmp"]))
            Assert.Empty(Directory.GetFileSystemEntries(workspace["tmp"]));
    }
}
