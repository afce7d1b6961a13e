using System.Net.Sockets;
using System.Text;
using Mainstay.Cli.Control;
using Mainstay.Cli.Keeping;
using Mainstay.Cli.State;
using Mainstay.Cli.Tests.State;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Tests.Control;

public sealed class ControlServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeApplication _application = new();
    private ControlServer _server = null!;
    private Place _place = null!;

    private string SocketPath => Path.Combine(_place.StateDirectory, "control.sock");

    public ValueTask InitializeAsync()
    {
        _place = Place.Of(_folder.Path);
        StateFolder.Create(_place.StateDirectory);
        _server = ControlServer.Start(ControlAddress.Prepare(_place.StateDirectory, _ => null), _application, new OwnBacking(TimeProvider.System, _ => { }), TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _application.Deploying.TrySetResult();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Only_its_owner_may_use_the_socket() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));

    [Fact]
    public async Task Answers_status_with_the_documented_json() => Assert.Equal(
        """
        {"status":{"name":"shop","edge":{"listen":["http://127.0.0.1:8080"],"ready":true,"connections":1,"requests":2,"retries":3,"waiting":4},"services":[]}}
        {"exit":0}

        """,
        await AskRawAsync("""{"version":1,"command":"status","unknown":[1,{"x":null}]}""" + "\n"));

    [Fact]
    public async Task What_runs_is_asked_for_once_it_is_taken_over_and_a_stop_at_any_time()
    {
        var taken = new TaskCompletionSource();
        _application.TakenOver = taken.Task;
        var status = AskRawAsync("""{"version":1,"command":"status"}""" + "\n");
        var scaling = AskRawAsync("""{"version":1,"command":"scale","services":["web"],"replicas":2}""" + "\n");
        Assert.Contains("\"exit\":0", await AskRawAsync("""{"version":1,"command":"stop"}""" + "\n"), StringComparison.Ordinal);
        Assert.Contains("\"hello\"", await AskRawAsync("""{"version":1,"command":"hello"}""" + "\n"), StringComparison.Ordinal);
        Assert.False(status.IsCompleted || scaling.IsCompleted);
        Assert.Empty(_application.Calls);
        taken.SetResult();
        Assert.Contains("\"status\"", await status, StringComparison.Ordinal);
        Assert.Contains("\"exit\":0", await scaling, StringComparison.Ordinal);
        Assert.Equal("scale web 2", Assert.Single(_application.Calls));
    }

    [Theory]
    [InlineData("""{"version":1,"command":"explode"}""", "does not know the command 'explode'", 2)]
    [InlineData("""{"version":1}""", "does not know the command ''", 2)]
    [InlineData("""{"version":7,"command":"status"}""", "version 1 of the control protocol, this command version 7", 2)]
    [InlineData("""{"command":"status"}""", "this command version 0", 2)]
    [InlineData("""{"version":1,"command":"scale","services":["web"]}""", "scale needs", 2)]
    [InlineData("""{"version":1,"command":"rollback"}""", "needs the name of one service", 2)]
    [InlineData("""{"version":1,"command":"rollback","services":["web"]}""", "web has no previous release", 1)]
    [InlineData("""{"version":1,"command":"restart","services":["web"]}""", "fault in Mainstay: InvalidOperationException: a bug with two lines", 1)]
    [InlineData("null", "a line holds null", 2)]
    [InlineData("GET / HTTP/1.1", "not the JSON that was expected", 2)]
    [InlineData("""{"version":"one"}""", "not the JSON that was expected", 2)]
    [InlineData("", "not the JSON that was expected", 2)]
    [InlineData("\0\u0001\uffff", "not the JSON that was expected", 2)]
    public async Task Refuses_in_one_line(string request, string reason, int exit)
    {
        var answer = await AskRawAsync(request + "\n");
        Assert.Contains(reason, answer.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith($"\"exit\":{exit}}}\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_once_it_is_too_long()
    {
        using var socket = await ConnectAsync();
        var chunk = new byte[1 << 16];
        Array.Fill(chunk, (byte)'x');
        try
        {
            for (var sent = 0; sent <= ControlProtocol.MaxLine; sent += chunk.Length)
                await socket.SendAsync(chunk).WaitAsync(Limit);
        }
        catch (SocketException)
        {
            // Closed while we still talked: that is an answer, too.
        }
        try
        {
            Assert.Contains("longer than 1048576 bytes", await ReadAllAsync(socket), StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            // Our bytes that nobody read reset the connection.
        }
        Assert.Contains("\"exit\":0", await AskRawAsync("""{"version":1,"command":"hello"}""" + "\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_line_and_silent_clients_hold_up_nobody()
    {
        List<Socket> silent = [];
        try
        {
            for (var i = 0; i < ControlServer.MaxClients - 1; i++)
            {
                var socket = await ConnectAsync();
                await socket.SendAsync("{\"version\""u8.ToArray());
                silent.Add(socket);
            }
            Assert.Contains("4711", await AskRawAsync("""{"version":1,"command":"hello"}""" + "\n"), StringComparison.Ordinal);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Streams_progress_and_output_of_a_deploy()
    {
        var events = new List<ControlEvent>();
        await foreach (var next in ControlClient.AskAsync(_place, new(1, "deploy"), TestContext.Current.CancellationToken))
        {
            events.Add(next);
            if (events.Count == 2)
                _application.Deploying.SetResult();
        }
        Assert.Equal("building web", events[0].Progress);
        Assert.Equal("compiling", events[1].Line?.Text);
        Assert.Equal(0, events[2].Exit);
    }

    [Fact]
    public async Task A_deploy_goes_on_when_its_client_hangs_up()
    {
        using (var socket = await ConnectAsync())
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes("""{"version":1,"command":"deploy"}""" + "\n"));
            await socket.ReceiveAsync(new byte[1]).WaitAsync(Limit);
        }
        var gone = new TaskCompletionSource();
        await using (_application.ClientGone.Register(gone.SetResult))
            await gone.Task.WaitAsync(Limit);
        Assert.False(_application.Deployed.Task.IsCompleted);
        _application.Deploying.SetResult();
        await _application.Deployed.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task Followers_see_new_lines_and_are_told_when_it_ends()
    {
        _application.Logs.Write("web", new("web-1", DateTimeOffset.UnixEpoch, "past", false));
        var seen = new List<string?>();
        await foreach (var next in ControlClient.AskAsync(_place, new(1, "logs", Follow: true), TestContext.Current.CancellationToken))
        {
            seen.Add(next.Line?.Text);
            if (seen.Count == 1)
                _application.Logs.Write("web", new("web-1", DateTimeOffset.UnixEpoch, "new", true));
            if (seen.Count == 2)
                _ = _server.DisposeAsync().AsTask();
        }
        Assert.Equal(["past", "new", null], seen);
    }

    [Fact]
    public async Task A_follower_that_reads_nothing_stalls_neither_the_writer_nor_the_end()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.UTF8.GetBytes("""{"version":1,"command":"logs","follow":true}""" + "\n"));
        for (var i = 0; i < 20_000; i++)
            _application.Logs.Write("web", new("web-1", DateTimeOffset.UnixEpoch, new string('x', 200), false));
        await _server.DisposeAsync().AsTask().WaitAsync(Limit);
    }

    [Fact]
    public async Task A_socket_left_behind_is_taken_away()
    {
        await _server.DisposeAsync();
        File.WriteAllText(SocketPath, "stale");
        _server = ControlServer.Start(SocketPath, _application, new OwnBacking(TimeProvider.System, _ => { }), TimeProvider.System);
        Assert.Equal("shop", (await ControlClient.GreetAsync(_place, Limit, TimeProvider.System))?.Name);
    }

    [Fact]
    public async Task Nobody_there_is_said_in_one_line()
    {
        await _server.DisposeAsync();
        var failure = await Assert.ThrowsAsync<CommandFailure>(async () =>
        {
            await foreach (var _ in ControlClient.AskAsync(_place, new(1, "status"), TestContext.Current.CancellationToken))
            {
            }
        });
        Assert.Equal($"no Mainstay is running for {_folder.Path}; start it with 'mainstay up'", failure.Message);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    private async Task<string> AskRawAsync(string bytes)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.UTF8.GetBytes(bytes));
        return await ReadAllAsync(socket);
    }

    private static async Task<string> ReadAllAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer).WaitAsync(Limit) is > 0 and var read)
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return text.ToString();
    }
}
