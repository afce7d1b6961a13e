using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>A state folder that cannot be written: what can be served without it is served, and it is said once.</summary>
public sealed class DiskTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("no space left", null, false)]
    [InlineData("read-only", "remount,ro", true)]
    public async Task What_is_in_place_is_started_served_and_recovered(string reason, string? mountAs, bool hasChanged)
    {
        using var workspace = new Workspace();
        var state = Path.Combine(workspace.Path, ".mainstay");
        Directory.CreateDirectory(state);
        if (!await MountAsync("-t", "tmpfs", "-o", "size=256k", "tmpfs", state))
            Assert.Skip("mounting a small disk needs root");
        try
        {
            await using (var first = await MainstayRun.StartAsync(workspace, Counter.Manifest(2, "deploy: { ready_for: 200ms }")))
                Assert.Equal(0, (await first.CommandAsync("stop")).ExitCode);
            await SpoilAsync(state, mountAs);
            // Where its control socket is depends on what can be written: only the commands know.
            await using var run = MainstayRun.Launch(
                workspace, Counter.Manifest(2, "deploy: { ready_for: 200ms }", hasChanged ? "environment: { VERSION: two }" : "environment: {}"));
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
        finally
        {
            using var unmount = RunningProgram.Start("umount", ["--lazy", state], "/");
            Assert.Equal(0, await unmount.ExitAsync(Patience));
        }
    }

    private static Task<TimeSpan> SaysAsync(MainstayRun run, string start) => Eventually.True(
        () => run.Program.Output.Any(line => line.StartsWith(start, StringComparison.Ordinal)), Patience, start, () => run.Program.Tail);

    private static async Task SpoilAsync(string state, string? mountAs)
    {
        if (mountAs is not null)
        {
            Assert.True(await MountAsync("-o", mountAs, state), "the disk could not be made read-only");
            return;
        }

        var rest = new byte[4096];
        await using var file = new FileStream(Path.Combine(state, "rest"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var i = 0; i < 1000; i++)
                await file.WriteAsync(rest);
        }
        catch (IOException)
        {
            return;
        }

        Assert.Fail("the disk did not become full");
    }

    private static async Task<bool> MountAsync(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !Tool.Exists("mount"))
            return false;
        using var mount = RunningProgram.Start("mount", arguments, "/");
        return await mount.ExitAsync(Patience) == 0;
    }
}
