using System.Text.Json;
using Mainstay.Testing;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary><c>mainstay demo</c> as a user runs it: it counts, and however it ends, nothing of it stays behind.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan Gone = TimeSpan.FromSeconds(3);

    private static readonly string Peer = Tool.Exists("nginx") ? "nginx" : "loop";

    [Fact]
    public async Task The_shortest_storm_is_counted_for_everybody_and_leaves_nothing()
    {
        using var workspace = new Workspace();
        using var demo = Start(workspace, "--length", "10s", "--json");
        var left = await InTheStormAsync(demo, () => demo.Errors, "all workers are killed", workspace);
        Assert.True(await demo.ExitAsync(TimeSpan.FromSeconds(75)) == 0, demo.Tail);
        await left.GoneAsync(Gone);
        Assert.Empty(Directory.GetFileSystemEntries(workspace["tmp"]));

        using var report = JsonDocument.Parse(string.Join('\n', demo.Output));
        var contenders = report.RootElement.GetProperty("contenders").EnumerateArray().ToList();
        Assert.Equal(2, contenders.Count);
        Assert.All(contenders, contender =>
        {
            Assert.Equal(10, contender.GetProperty("seconds").GetArrayLength());
            Assert.Equal(8, contender.GetProperty("acts").GetArrayLength());
        });
        var mainstay = contenders[0];
        Assert.Equal("Mainstay", mainstay.GetProperty("name").GetString());
        Assert.InRange(mainstay.GetProperty("score").GetProperty("good").GetInt32(), 1, 10);
        Assert.Equal(0, mainstay.GetProperty("orders").GetProperty("twice").GetInt32());
    }

    [Fact]
    public async Task Interrupted_in_the_middle_it_leaves_nothing()
    {
        using var workspace = new Workspace();
        using var demo = Start(workspace, "--length", "30s");
        // One of the workers cannot hear anything at this moment.
        var left = await InTheStormAsync(demo, () => demo.Output, "stands still", workspace);
        demo.Signal(Posix.Interrupt);
        Assert.Equal(1, await demo.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains(demo.Errors, line => line.Contains("interrupted", StringComparison.Ordinal));
        await left.GoneAsync(Gone);
        Assert.Empty(Directory.GetFileSystemEntries(workspace["tmp"]));
    }

    [Fact]
    public async Task Killed_in_the_middle_it_leaves_nothing()
    {
        using var workspace = new Workspace();
        using var demo = Start(workspace, "--length", "30s");
        var left = await InTheStormAsync(demo, () => demo.Output, "stands still", workspace);
        demo.Signal(Posix.SigKill);
        await left.GoneAsync(Gone);
        Assert.Empty(Directory.GetFileSystemEntries(workspace["tmp"]));
    }

    [Fact]
    public async Task Killed_with_its_guards_it_leaves_a_folder_which_the_next_one_removes()
    {
        using var workspace = new Workspace();
        using (var demo = Start(workspace, "--length", "30s"))
        {
            var left = await InTheStormAsync(demo, () => demo.Output, "stands still", workspace);
            // The guard of files alone: the one of processes has another script.
            var guard = ProcessTree.Below(demo.Pid).Single(process => process.CommandLine.Contains("promises=", StringComparison.Ordinal));
            Posix.Send(guard.Pid, Posix.SigKill);
            demo.Signal(Posix.SigKill);
            await left.GoneAsync(Gone);
        }
        var folders = Folders(workspace);
        Assert.NotEmpty(folders);

        using var next = Start(workspace, "--length", "10s");
        await Eventually.True(() => !folders.Exists(Directory.Exists), TimeSpan.FromSeconds(20), "the folder of the killed one is gone", () => next.Tail);
        next.Signal(Posix.Interrupt);
        Assert.Equal(1, await next.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Empty(Folders(workspace));
    }

    private static RunningProgram Start(Workspace workspace, params string[] more)
    {
        Directory.CreateDirectory(workspace["tmp"]);
        return RunningProgram.Start(
            MainstayRun.Executable, ["demo", "--contenders", $"mainstay,{Peer}", .. more], workspace.Path, new Dictionary<string, string> { ["SHOWN"] = workspace.Path, ["TMPDIR"] = workspace["tmp"] });
    }

    /// <summary>What it has started by the time that an act begins.</summary>
    private static async Task<Leftovers> InTheStormAsync(RunningProgram demo, Func<IEnumerable<string>> said, string act, Workspace workspace)
    {
        await Eventually.True(
            () => demo.HasExited || said().Any(line => line.Contains(act, StringComparison.Ordinal)), TimeSpan.FromSeconds(60), $"{act}", () => demo.Tail);
        Assert.False(demo.HasExited, demo.Tail);
        var left = Leftovers.Of(demo.Pid, $"SHOWN={workspace.Path}");
        // Both contenders, and the workers of Mainstay's at least; edge, proxy and dependencies listen.
        Assert.True(left.Processes >= 4, $"only {left.Processes} processes below it");
        Assert.True(left.Ports >= 3, $"they listen on {left.Ports} ports only");
        return left;
    }

    private static List<string> Folders(Workspace workspace) => [.. Directory.GetDirectories(workspace["tmp"], "mainstay-prove-*")];
}
