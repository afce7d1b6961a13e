using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>What a service manager such as systemd learns from <c>up</c>.</summary>
public sealed class ServiceTests
{
    private static readonly string[] OfTheManager = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID"];

    [Fact]
    public async Task The_service_manager_hears_that_it_is_ready_that_it_lives_and_that_it_stops()
    {
        using var workspace = new Workspace();
        using var manager = new ManagerSocket(workspace["notify"]);
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = workspace["notify"], ["WATCHDOG_USEC"] = "400000", ["LISTEN_FDS"] = "0", ["OF_THE_USER"] = "stays" };
        await using var run = MainstayRun.LaunchWith(environment, workspace, Counter.Manifest(2, "environment: { START_DELAY_MS: \"500\" }"));
        await Eventually.True(() => manager.Heard("READY=1"), TimeSpan.FromSeconds(60), "READY", () => run.Program.Tail);
        Assert.Equal("hello", (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Text);
        Assert.Contains("STATUS=starting", manager.All[0], StringComparison.Ordinal);
        Assert.True(manager.Heard("STATUS=2 of 2 replicas ready, 0 requests/s") || manager.Heard("STATUS=1 of 2 replicas ready, 0 requests/s"));

        var before = manager.Count("WATCHDOG=1");
        await Eventually.True(() => manager.Count("WATCHDOG=1") >= before + 5, TimeSpan.FromSeconds(30), "five signs of life", () => run.Program.Tail);
        await run.ReadyAsync();
        foreach (var replica in await run.ReplicasAsync())
        {
            var variables = (await File.ReadAllTextAsync($"/proc/{replica.Pid}/environ")).Split('\0');
            Assert.Contains("OF_THE_USER=stays", variables);
            Assert.DoesNotContain(variables, variable => OfTheManager.Contains(variable.Split('=')[0]));
        }

        Assert.False(manager.Heard("STOPPING=1"));
        run.Program.Signal(Posix.Terminate);
        Assert.Equal(0, await run.Program.ExitAsync(TimeSpan.FromSeconds(40)));
        await Eventually.True(() => manager.Heard("STOPPING=1"), TimeSpan.FromSeconds(10), "STOPPING");
        Assert.Equal(1, manager.Count("READY=1"));
        Assert.DoesNotContain(run.Program.Errors, line => line.Contains("does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_socket_from_the_service_manager_is_served_and_outlives_the_core()
    {
        if (!Tool.Exists("systemd-socket-activate"))
            Assert.Skip("systemd-socket-activate is not installed");
        using var workspace = new Workspace();
        var port = Ports.Free();
        workspace.Write("mainstay.yaml", Counter.Manifest(replicas: 1).Replace("{PORT}", $"{port}", StringComparison.Ordinal));
        using var up = RunningProgram.Start("systemd-socket-activate", ["--listen", $"127.0.0.1:{port}", MainstayRun.Executable, "up", workspace.Path], workspace.Path);
        try
        {
            // Nothing of ours runs yet: the first connection starts it, and is answered.
            await Eventually.True(() => up.Errors.Any(line => line.StartsWith("Listening on", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "the manager listens", () => up.Tail);
            Assert.Equal("hello", (await HttpConnection.OnceAsync(port, new("GET", "/"))).Text);
            Posix.Send(MainstayRun.CoreOf(up.Pid), Posix.SigKill);
            Assert.Equal("hello", (await HttpConnection.OnceAsync(port, new("GET", "/"))).Text);
        }
        finally
        {
            up.Signal(Posix.Terminate);
            Assert.Equal(0, await up.ExitAsync(TimeSpan.FromSeconds(40)));
        }
    }

    [Fact]
    public async Task Another_process_is_meant_and_gets_no_sign_of_life_from_us()
    {
        using var workspace = new Workspace();
        using var manager = new ManagerSocket(workspace["notify"]);
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = workspace["notify"], ["WATCHDOG_USEC"] = "200000", ["WATCHDOG_PID"] = "1" };
        await using var run = MainstayRun.LaunchWith(environment, workspace, Counter.Manifest(1));
        await Eventually.True(() => manager.Heard("READY=1"), TimeSpan.FromSeconds(60), "READY", () => run.Program.Tail);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.Equal(0, manager.Count("WATCHDOG=1"));
    }

    /// <summary>The manager's end of the socket.</summary>
    private sealed class ManagerSocket : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly ConcurrentQueue<string> _heard = new();

        public ManagerSocket(string path)
        {
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            _ = ListenAsync();
        }

        public IReadOnlyList<string> All => [.. _heard];

        public bool Heard(string assignment) => Count(assignment) > 0;

        public int Count(string assignment) => _heard.Count(datagram => datagram.Split('\n').Contains(assignment));

        public void Dispose() => _socket.Dispose();

        private async Task ListenAsync()
        {
            var buffer = new byte[4096];
            try
            {
                while (true)
                    _heard.Enqueue(Encoding.UTF8.GetString(buffer.AsSpan(0, await _socket.ReceiveAsync(buffer))));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
