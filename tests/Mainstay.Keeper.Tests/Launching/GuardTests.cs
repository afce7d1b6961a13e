using System.Diagnostics;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Platform;
using Mainstay.Testing.Processes;

namespace Mainstay.Keeper.Tests.Launching;

/// <summary>A Mainstay of its own, killed in every way; what it started must not outlive it.</summary>
public sealed class GuardTests : IAsyncDisposable
{
    // The promise is two seconds, and is measured end to end; here the machine may be busy with other tests.
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    private readonly Workshop _workshop = new();
    private readonly List<Process> _hosts = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            host.Kill();
            host.Dispose();
        }

        await _workshop.DisposeAsync();
    }

    [Theory]
    [InlineData("sleep 100 & echo pid $!; sh -c 'echo pid $$; sleep 101' & echo pid $$; sleep 102")]
    [InlineData("trap '' TERM INT HUP; sleep 100 & echo pid $!; echo pid $$; echo pid; wait")]
    public async Task Nothing_is_alive_soon_after_Mainstay_was_killed(string script)
    {
        var host = Host("/bin/sh", "-c", script);
        var (guard, leader, pids) = await ReadPidsAsync(host, 2);
        Assert.True(Workshop.IsAlive(guard));
        Assert.All(pids, pid => Assert.True(Workshop.IsAlive(pid)));
        host.Kill();
        await Workshop.Until(() => !pids.Append(guard).Append(leader).Any(Workshop.IsAlive), "the end of everything", Promise);
        await Workshop.Until(() => !ProcStat.ReadAll("/proc").Any(process => process.Group == leader && !process.IsEnded), "the end of the group", Promise);
    }

    [Fact]
    public async Task Nothing_is_alive_below_npx_either()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/npx"), "npx is not installed");
        await File.WriteAllTextAsync(Path.Combine(_workshop.Folder, "package.json"), """{ "name": "x", "version": "1.0.0" }""");
        await File.WriteAllTextAsync(Path.Combine(_workshop.Folder, "app.js"), "console.log('pid ' + process.pid); setInterval(() => {}, 1000);");
        var host = Host("npx", "--yes", "-c", "echo pid $$; node app.js; true");
        var (guard, leader, pids) = await ReadPidsAsync(host, 2);
        host.Kill();
        await Workshop.Until(() => !pids.Append(guard).Append(leader).Any(Workshop.IsAlive), "the end of everything", Promise);
    }

    [Fact]
    public async Task When_the_guard_was_killed_too_the_next_start_ends_what_is_left()
    {
        var host = Host("/bin/sh", "-c", "sleep 100 & echo pid $!; echo pid $$; wait");
        var (guard, leader, pids) = await ReadPidsAsync(host, 2);
        await Assert.ThrowsAsync<LaunchException>(() => new LocalLauncherOf(_workshop).CleanUpAsync());
        // The guard must not be replaced, so Mainstay stops first and is killed after it.
        _ = LibC.Kill(host.Id, 19);
        _ = LibC.Kill(guard, Signals.Kill);
        host.Kill();
        await host.WaitForExitAsync().WaitAsync(Workshop.Deadline);
        Assert.All(pids, pid => Assert.True(Workshop.IsAlive(pid)));

        Assert.Equal(["inner-1"], await _workshop.Launcher.CleanUpAsync(CancellationToken.None));
        Assert.DoesNotContain(pids.Append(leader), Workshop.IsAlive);
    }

    [Fact]
    public async Task A_guard_that_was_killed_is_replaced_and_knows_the_groups()
    {
        var host = Host("/bin/sh", "-c", "echo pid $$; sleep 100");
        var (guard, _, pids) = await ReadPidsAsync(host, 1);
        _ = LibC.Kill(guard, Signals.Kill);
        await Workshop.Until(() => GuardOf(host.Id) is { } next && next != guard, "a new guard");
        Assert.True(Workshop.IsAlive(pids[0]));
        host.Kill();
        await Workshop.Until(() => !Workshop.IsAlive(pids[0]), "the end of the replica", Promise);
    }

    [Fact]
    public async Task A_guard_ignores_the_signals_of_a_terminal_and_holds_no_pipe_of_a_replica()
    {
        var first = await _workshop.ShellAsync("sleep 100");
        var second = await _workshop.ShellAsync("sleep 100");
        var guard = _workshop.Launcher.GuardPid;
        await Workshop.Until(() => ProcessTree.Ignores(guard, Signals.Terminate) && ProcessTree.Ignores(guard, 1), "that the guard is set up");
        foreach (var signal in (int[])[1, Signals.Interrupt, Signals.Terminate])
            _ = LibC.Kill(guard, signal);
        Assert.Equal(3, Directory.GetFileSystemEntries($"/proc/{guard}/fd").Count(entry => int.Parse(Path.GetFileName(entry)) < 10));
        var pipe = new FileInfo($"/proc/{guard}/fd/0").LinkTarget;
        foreach (var replica in new[] { first.Pid, second.Pid })
            Assert.DoesNotContain(Directory.GetFileSystemEntries($"/proc/{replica}/fd"), entry => new FileInfo(entry).LinkTarget == pipe);
        Assert.True(Workshop.IsAlive(guard));
        Assert.Equal(guard, _workshop.Launcher.GuardPid);
    }

    [Fact]
    public async Task A_gate_that_is_never_opened_ends_its_child_without_running_anything()
    {
        var touched = Path.Combine(_workshop.Folder, "touched");
        using var pipes = new LaunchPipes("web-1");
        var start = LaunchGate.Behind("/usr/bin/touch", _workshop.Spec("touch", touched), _workshop.Spec("touch").Environment, pipes).Run();
        pipes.CloseChildEnds();
        var child = new ChildProcess(start.Pid, leadsGroup: true);
        Assert.False(child.HasEnded());
        pipes.Gate.Dispose();
        await Workshop.Until(child.HasEnded, "the end of the child");
        Assert.Equal(new ExitStatus(125, 0), child.Reap());
        Assert.False(File.Exists(touched));
    }

    private static int? GuardOf(int parent) => ProcessTree.All()
        .FirstOrDefault(process => process.Parent == parent && process.State != 'Z' && process.CommandLine.Contains("mainstay-guard"))?.Pid;

    private Process Host(params string[] command)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["launch", _workshop.Folder, .. command]) { RedirectStandardOutput = true };
        var host = Process.Start(start)!;
        _hosts.Add(host);
        return host;
    }

    private static async Task<(int Guard, int Leader, int[] Pids)> ReadPidsAsync(Process host, int count)
    {
        var (guard, leader, pids) = (0, 0, new List<int>());
        while (guard == 0 || leader == 0 || pids.Count < count)
        {
            var line = await host.StandardOutput.ReadLineAsync().WaitAsync(Workshop.Deadline);
            switch (line?.Split(' '))
            {
                case null: throw new InvalidOperationException("the host has ended");
                case ["guard", var pid]: guard = int.Parse(pid); break;
                case ["leader", var pid]: leader = int.Parse(pid); break;
                case ["pid", var pid]: pids.Add(int.Parse(pid)); break;
            }
        }

        return (guard, leader, [.. pids]);
    }

    /// <summary>A second Mainstay on the same folder.</summary>
    private sealed class LocalLauncherOf(Workshop workshop)
    {
        public async Task CleanUpAsync()
        {
            await using var launcher = new LocalLauncher(workshop.State, TimeProvider.System,
                _ => { });
            await launcher.CleanUpAsync(CancellationToken.None);
        }
    }
}
