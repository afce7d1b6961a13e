using System.Text.Json;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>The README's commands, and how <c>up</c> begins and ends.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task The_first_up_of_a_sample_builds_it_and_serves()
    {
        using var workspace = new Workspace();
        foreach (var file in new[] { "Hello.csproj", "Program.cs" })
            workspace.Write(file, await File.ReadAllTextAsync(Path.Combine(MainstayRun.Root, "samples/hello", file)));
        var manifest = await File.ReadAllTextAsync(Path.Combine(MainstayRun.Root, "samples/hello/mainstay.yaml"));
        await using var run = MainstayRun.Launch(workspace, manifest + "\nedge: { listen: \"http://127.0.0.1:{PORT}\" }\n");
        await Eventually.True(() => File.Exists(workspace["out/Hello.dll"]), TimeSpan.FromSeconds(120), "the build", () => run.Program.Tail);
        await run.ReadyAsync();
        Assert.StartsWith("Hello from web-", (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Text, StringComparison.Ordinal);
        Assert.Equal("abc", (await HttpConnection.OnceAsync(run.Port, new("POST", "/echo", "abc"u8.ToArray()))).Text);
    }

    [Fact]
    public async Task The_Node_sample_serves()
    {
        if (!Tool.Exists("node"))
            Assert.Skip("node is not installed");
        using var workspace = new Workspace();
        workspace.Write("server.js", await File.ReadAllTextAsync(Path.Combine(MainstayRun.Root, "samples/hello-node/server.js")));
        var manifest = await File.ReadAllTextAsync(Path.Combine(MainstayRun.Root, "samples/hello-node/mainstay.yaml"));
        await using var run = await MainstayRun.StartAsync(workspace, manifest + "\nedge: { listen: \"http://127.0.0.1:{PORT}\" }\n");
        Assert.StartsWith("Hello from web-", (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_without_a_manifest_runs_any_command()
    {
        if (!Tool.Exists("python3"))
            Assert.Skip("python3 is not installed");
        using var workspace = new Workspace();
        workspace.Write("index.html", "plain");
        // No manifest, so no port to choose: the default one must be free.
        if (!IsFree(8080))
            Assert.Skip("port 8080 is taken on this machine");
        using var up = RunningProgram.Start(
            MainstayRun.Executable, ["up", "--", "python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}"], workspace.Path);
        await Eventually.True(
            async () => !IsFree(8080) && (await HttpConnection.OnceAsync(8080, new("GET", "/index.html"))).Text == "plain",
            TimeSpan.FromSeconds(30), "the page", () => up.Tail);
        var status = await MainstayRun.CommandAsync(workspace, "status", "--json");
        using var document = JsonDocument.Parse(string.Join('\n', status.Output));
        Assert.Equal("ready", document.RootElement.GetProperty("services")[0].GetProperty("replicas")[0].GetProperty("state").GetString());
        up.Signal(Posix.Interrupt);
        Assert.Equal(0, await up.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(Posix.Terminate)]
    [InlineData(Posix.Interrupt)]
    public async Task A_signal_drains_and_stops_with_exit_code_0(int signal)
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2));
        await using var load = SteadyLoad.Start(run.Port, 20, _ => new("GET", "/slow?ms=500"));
        await Eventually.True(() => load.Answered >= 10, TimeSpan.FromSeconds(20), "ten answers");
        var report = load.StopAsync();
        run.Program.Signal(signal);
        Counter.AssertNoneFailed(await report, atLeast: 10, run);
        Assert.Equal(0, await run.Program.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(Posix.Terminate)]
    [InlineData(Posix.Interrupt)]
    public async Task A_second_signal_ends_everything_at_once(int signal)
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2));
        await using var load = SteadyLoad.Start(run.Port, 20, _ => new("GET", "/slow?ms=9000"));
        await Eventually.True(async () => (await run.ReplicasAsync()).Count == 2 && load.Elapsed > TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), "requests in flight");
        var tree = ProcessTree.Below(run.Program.Pid);
        run.Program.Signal(signal);
        await Eventually.True(() => run.Program.Tail.Contains("once more", StringComparison.Ordinal), TimeSpan.FromSeconds(10), "the stop", () => run.Program.Tail);
        Assert.False(run.Program.HasExited);
        run.Program.Signal(signal);
        Assert.Equal(128 + signal, await run.Program.ExitAsync(TimeSpan.FromSeconds(5)));
        await Eventually.True(() => ProcessTree.Alive(tree).Count == 0, TimeSpan.FromSeconds(2), "the end of every replica");
    }

    [Fact]
    public async Task Stop_ends_a_running_up()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(1));
        var tree = ProcessTree.Below(run.Program.Pid);
        var stop = await run.CommandAsync("stop");
        Assert.True(stop.ExitCode == 0, stop.Text);
        Assert.Equal(0, await run.Program.ExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Empty(ProcessTree.Alive(tree));
    }

    [Fact]
    public async Task A_hangup_is_survived()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(1));
        run.Program.Signal(Posix.Hangup);
        for (var i = 0; i < 20; i++)
            Assert.Equal(200, (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Status);
        Assert.False(run.Program.HasExited);
    }

    [Fact]
    public async Task A_second_up_says_that_one_is_running()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(1));
        var second = await MainstayRun.CommandAsync(workspace, "up", workspace.Path);
        Assert.Equal(1, second.ExitCode);
        Assert.Single(second.Errors);
        Assert.Contains("running", second.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_line_and_leaves_nothing_running()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(1));
        using var another = new Workspace();
        another.Write("mainstay.yaml", Counter.Manifest(1).Replace("{PORT}", $"{run.Port}", StringComparison.Ordinal));
        var second = await MainstayRun.CommandAsync(another, "up", another.Path);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"{run.Port}", Assert.Single(second.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("command: no-such-program-here", "no-such-program-here")]
    [InlineData("command: [sleep, \"60\"]\n    deploy: { build: [\"false\"] }", "build")]
    public async Task What_cannot_start_is_one_clear_line(string keys, string word)
    {
        using var workspace = new Workspace();
        workspace.Write("mainstay.yaml", $"edge: {{ listen: \"http://127.0.0.1:{Ports.Free()}\" }}\nservices:\n  web:\n    {keys}\n");
        var up = await MainstayRun.CommandAsync(workspace, "up", workspace.Path);
        Assert.True(up.ExitCode == 1, $"exit {up.ExitCode}: {up.Text}");
        Assert.Contains(word, Assert.Single(up.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_show_what_a_replica_said()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, $$"""
            edge: { listen: "http://127.0.0.1:{PORT}" }
            services:
              web: { command: [sh, -c, "echo it says this; exec dotnet {{Counter.Dll}}"] }
            """);
        var logs = await run.CommandAsync("logs", "web");
        Assert.True(logs.ExitCode == 0, logs.Text);
        Assert.Contains(logs.Output, line => line.Contains("it says this", StringComparison.Ordinal) && line.Contains("web-1", StringComparison.Ordinal));
        Assert.Contains(run.Program.Output, line => line.Contains("it says this", StringComparison.Ordinal));
    }

    private static bool IsFree(int port)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        try
        {
            socket.Connect(System.Net.IPAddress.Loopback, port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }
}
