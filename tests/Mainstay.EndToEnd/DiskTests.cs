using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>A state folder that cannot be written: what can be served without it is served, and it is said once.</summary>
public sealed class DiskTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("no space left", false)]
    [InlineData("read-only", true)]
    public async Task What_is_in_place_is_started_served_and_recovered(string reason, bool readOnlyAndChanged)
    {
        using var workspace = new Workspace();
        var state = Path.Combine(workspace.Path, ".mainstay");
        await using var disk = await SmallDisk.MountAsync(state, "256k");
        if (disk is null)
        {
            Assert.Skip("mounting a small disk needs root");
            return;
        }
        await using (var first = await MainstayRun.StartAsync(workspace, Counter.Manifest(2, "deploy: { ready_for: 200ms }")))
            Assert.Equal(0, (await first.CommandAsync("stop")).ExitCode);
        await (readOnlyAndChanged ? disk.MakeReadOnlyAsync() : disk.FillAsync());
        // Where its control socket is depends on what can be written: only the commands know.
        await using var run = MainstayRun.Launch(
            workspace, Counter.Manifest(2, "deploy: { ready_for: 200ms }", readOnlyAndChanged ? "environment: { VERSION: two }" : "environment: {}"));
        await SaysAsync(run, "Mainstay serves");
        Assert.Equal(200, (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Status);
        Assert.Equal(0, (await run.CommandAsync("restart", "web")).ExitCode);
        Assert.Equal(1, (await run.CommandAsync("deploy", "--force")).ExitCode);
        Posix.Send(run.CorePid, Posix.SigKill);
        await SaysAsync(run, "Mainstay goes on serving");
        Assert.Equal(200, (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Status);
        Assert.Equal(1, run.Program.Output.Concat(run.Program.Errors).Count(line =>
            line.Contains($"cannot write to {state}", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal)));
    }

    private static Task<TimeSpan> SaysAsync(MainstayRun run, string start) => Eventually.True(
        () => run.Program.Output.Any(line => line.StartsWith(start, StringComparison.Ordinal)), Patience, start, () => run.Program.Tail);
}
