using Mainstay.Testing;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Mainstay is exchanged while it runs; nobody notices.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task An_upgrade_loses_no_request_and_executes_no_POST_twice()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2, $"environment: {{ COUNT_FILE: {workspace["ids"]} }}"));
        var replicas = await run.ReplicasAsync();
        var times = Repeat.Times(ci: 3, full: 20);
        await using var load = SteadyLoad.Start(run.Port, 100,
            number => number % 5 == 0 ? new("POST", $"/count?id={number}&ms=200") : new("GET", "/"));
        for (var i = 0; i < times; i++)
        {
            var core = run.CorePid;
            var upgrade = await run.CommandAsync("upgrade");
            Assert.True(upgrade.ExitCode == 0, $"upgrade {i}: {upgrade.Text}\n{run.Program.Tail}");
            await Eventually.True(
                () => ProcessTree.Find(core) is null or { State: 'Z' }, TimeSpan.FromSeconds(40), "the old core has gone", () => run.Program.Tail);
        }

        var report = await load.StopAsync();
        Counter.AssertNoneFailed(report, atLeast: 50 * times, run);
        Assert.Equal(replicas, await run.ReplicasAsync());
        var executed = workspace.Lines("ids");
        Assert.Empty(executed.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {group.Count()} times"));
        Assert.Equal(report.Samples.Count(sample => sample.Number % 5 == 0), executed.Length);
    }

    [Fact]
    public async Task An_upgrade_to_a_program_that_crashes_leaves_the_old_core_serving()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2));
        var core = run.CorePid;
        await using var load = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/"));
        var broken = BrokenProgram(workspace);
        using var upgrade = RunningProgram.Start("dotnet", [broken, "upgrade"], workspace.Path);
        Assert.Equal(1, await upgrade.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains(upgrade.Errors, line => line.Contains("not upgraded", StringComparison.Ordinal));
        Counter.AssertNoneFailed(await load.StopAsync(), atLeast: 20, run);
        Assert.Equal(core, run.CorePid);
        // And nothing is left that would stand in the way of one that works.
        var again = await run.CommandAsync("upgrade");
        Assert.True(again.ExitCode == 0, again.Text);
    }

    /// <summary>A copy of the program that can ask for an upgrade, and cannot serve.</summary>
    private static string BrokenProgram(Workspace workspace)
    {
        var folder = Directory.CreateDirectory(workspace["broken"]).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(MainstayRun.Root, "artifacts/mainstay/current")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(folder, "Mainstay.Edge.dll"), "no assembly");
        return Path.Combine(folder, "mainstay.dll");
    }
}
