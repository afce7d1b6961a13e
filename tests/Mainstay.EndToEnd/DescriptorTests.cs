using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>More clients than this process may open files for: those it has are served, the others wait or are told at once.</summary>
public sealed class DescriptorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Connections_are_bounded_by_the_files_that_may_be_open()
    {
        using var workspace = new Workspace();
        var port = Ports.Free();
        workspace.Write("mainstay.yaml", Counter.Manifest(replicas: 1).Replace("{PORT}", $"{port}", StringComparison.Ordinal));
        using var up = RunningProgram.Start("/bin/sh", ["-c", "ulimit -n 400; exec \"$0\" up \"$1\"", MainstayRun.Executable, workspace.Path], workspace.Path);
        try
        {
            await Eventually.True(() => up.Output.Any(line => line.StartsWith("Mainstay serves", StringComparison.Ordinal)), Patience, "up", () => up.Tail);
            Assert.Contains(up.Output.Concat(up.Errors), line => line.Contains("72 are accepted at once", StringComparison.Ordinal));
            using var early = await HttpConnection.OpenAsync(port, CancellationToken.None);
            Assert.Equal(200, (await early.SendAsync(new("GET", "/"), CancellationToken.None)).Status);
            var crowd = new List<Socket?>();
            for (var i = 0; i < 300; i++)
                crowd.Add(await ConnectAsync(port));
            // It goes on for those who are in.
            Assert.Equal(200, (await early.SendAsync(new("GET", "/"), CancellationToken.None)).Status);
            foreach (var socket in crowd)
                socket?.Dispose();
            await Eventually.True(() => IsServedAsync(port), Patience, "room again", () => up.Tail);
        }
        finally
        {
            up.Signal(Posix.Terminate);
            Assert.Equal(0, await up.ExitAsync(Patience));
        }
    }

    [Fact]
    public async Task Without_a_descriptor_accepting_pauses_and_says_so_once()
    {
        if (!Tool.Exists("prlimit") || !OperatingSystem.IsLinux())
            Assert.Skip("prlimit is not installed");
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1));
        var pid = run.CorePid;
        var replica = Assert.Single(await run.ReplicasAsync()).Pid;
        using var early = await HttpConnection.OpenAsync(run.Port, CancellationToken.None);
        Assert.Equal(200, (await early.SendAsync(new("GET", "/"), CancellationToken.None)).Status);
        // What is open stays open; but for gaps, nothing more can be. A crowd fills the gaps.
        await LimitAsync(pid, Directory.GetFileSystemEntries($"/proc/{pid}/fd").Max(entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture)) + 1);
        var crowd = new List<Socket?>();
        try
        {
            await Eventually.True(
                async () =>
                {
                    crowd.Add(await ConnectAsync(run.Port));
                    return Said(run, "cannot accept connections") == 1;
                },
                Patience, "the pause is said", () => run.Program.Tail);
            var asking = HttpConnection.OnceAsync(run.Port, new("GET", "/"));
            // Long enough for three questions to the replica in a row, and for those who are in.
            for (var i = 0; i < 40; i++)
            {
                Assert.Equal(200, (await early.SendAsync(new("GET", "/"), CancellationToken.None)).Status);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
            Assert.Equal(1, Said(run, "cannot accept connections"));
            Assert.True(Directory.Exists($"/proc/{pid}"), run.Program.Tail);
            // Only now: before, the runtime was still busy with compiling.
            var before = Seconds(pid);
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
            var used = Seconds(pid) - before;
            Assert.True(used < 1, $"it spins: {used:0.0} s of processor time in 2 s");
            Assert.False(asking.IsCompleted);
            await LimitAsync(pid, 1024);
            Assert.Equal(200, (await asking.WaitAsync(Patience)).Status);
        }
        finally
        {
            foreach (var socket in crowd)
                socket?.Dispose();
        }
        Assert.Equal(pid, run.CorePid);
        Assert.Equal(replica, Assert.Single(await run.ReplicasAsync()).Pid);
        await Eventually.True(() => Said(run, "are accepted again") == 1, Patience, "the end of the pause is said", () => run.Program.Tail);
        Assert.Equal(0, Said(run, "is not ready"));
    }

    private static int Said(MainstayRun run, string what) => run.Program.Output.Concat(run.Program.Errors).Count(line => line.Contains(what, StringComparison.Ordinal));

    private static async Task LimitAsync(int pid, int files)
    {
        using var tool = RunningProgram.Start("prlimit", ["--pid", $"{pid}", $"--nofile={files}:"], "/");
        Assert.Equal(0, await tool.ExitAsync(Patience));
    }

    /// <summary>Processor time that the process has used.</summary>
    private static double Seconds(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    private static async Task<bool> IsServedAsync(int port)
    {
        try
        {
            return (await HttpConnection.OnceAsync(port, new("GET", "/"))).Status == 200;
        }
        catch (SocketException)
        {
            return false; // the crowd has not quite gone
        }
    }

    /// <summary>Null if it was closed as soon as it was there.</summary>
    private static async Task<Socket?> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
