using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>Which sockets the edge finds, keeps and forgets, with real second descriptors.</summary>
public sealed class KeptAddressTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly string AnyPort = Specs.AnyPort.Url;

    private readonly KeptSockets _sockets = new();

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public async Task Who_waited_in_the_backlog_of_a_found_socket_is_answered()
    {
        var port = HandOver(AnyPort);
        var clients = new List<RawClient>();
        for (var i = 0; i < 20; i++)
            clients.Add(await AskAsync(port));
        await using var edge = await StartAsync();
        Assert.Equal(port, edge.Port);
        foreach (var client in clients)
            await AnsweredAsync(client);
        Assert.Empty(_sockets.Calls);
    }

    [Fact]
    public async Task A_fresh_socket_is_kept_and_the_next_edge_answers_whoever_came_meanwhile()
    {
        int port;
        await using (var first = await StartAsync())
        {
            port = first.Port;
            Assert.Equal([$"keep {AnyPort}"], _sockets.Calls);
            await AnsweredAsync(await AskAsync(port));
        }
        var waiting = await AskAsync(port);
        await using var second = await StartAsync();
        Assert.Equal(port, second.Port);
        await AnsweredAsync(waiting);
        Assert.Equal([$"keep {AnyPort}"], _sockets.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_forgets_and_nobody_listens_any_more(bool found)
    {
        if (found)
            HandOver(AnyPort);
        await using var edge = await StartAsync();
        var port = edge.Port;
        await edge.Server.StopAsync(Deadline, default);
        await edge.Server.StopAsync(Deadline, default);
        Assert.Equal($"forget {AnyPort}", Assert.Single(_sockets.Calls, call => call.StartsWith("forget", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<SocketException>(() => AskAsync(port));
    }

    [Fact]
    public async Task Leaving_forgets_nothing()
    {
        await using var edge = await StartAsync();
        var port = edge.Port;
        await edge.Server.LeaveAsync(Deadline, default);
        await edge.Server.StopAsync(Deadline, default);
        Assert.Equal([AnyPort], _sockets.Urls);
        using var waiting = await AskAsync(port);
    }

    [Fact]
    public async Task A_listener_that_is_gone_is_forgotten_and_the_others_are_not()
    {
        var (stays, goes, comes) = (On(FreePort()), On(FreePort()), On(FreePort()));
        await using var edge = await StartAsync(stays, goes);
        await edge.Server.ApplyAsync(Specs.Manifest(Specs.Edge(stays, comes)), default);
        await UntilAsync(() => !_sockets.Urls.Contains(goes.Url));
        Assert.Equal([$"keep {stays.Url}", $"keep {goes.Url}", $"keep {comes.Url}", $"forget {goes.Url}"], _sockets.Calls);
        await AnsweredAsync(await AskAsync(stays.Port));
        await AnsweredAsync(await AskAsync(comes.Port));
    }

    [Fact]
    public async Task The_same_port_moves_to_another_address_although_the_old_one_was_kept()
    {
        var port = FreePort();
        var everywhere = Everywhere(port);
        await using var edge = await StartAsync(On(port));
        await edge.Server.ApplyAsync(Specs.Manifest(Specs.Edge(everywhere)), default);
        await AnsweredAsync(await AskAsync(port));
        Assert.Equal([$"keep {On(port).Url}", $"forget {On(port).Url}", $"keep {everywhere.Url}"], _sockets.Calls);
    }

    [Fact]
    public async Task A_move_that_fails_takes_the_old_address_back_and_keeps_it_again()
    {
        var port = FreePort();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var edge = await StartAsync(On(port));
        var impossible = On(((IPEndPoint)taken.LocalEndpoint).Port);
        await Assert.ThrowsAsync<ListenException>(() => edge.Server.ApplyAsync(Specs.Manifest(Specs.Edge(Everywhere(port), impossible)), default));
        await AnsweredAsync(await AskAsync(port));
        Assert.Equal([$"keep {On(port).Url}", $"forget {On(port).Url}", $"keep {On(port).Url}"], _sockets.Calls);
    }

    [Fact]
    public async Task A_start_that_fails_keeps_nothing_new_and_leaves_what_was_found()
    {
        var url = "http://127.0.0.1:0/found";
        var port = HandOver(url);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var fresh = On(FreePort());
        await Assert.ThrowsAsync<ListenException>(() => StartAsync(
            new ListenSpec(url, IPAddress.Loopback, 0), fresh, On(((IPEndPoint)taken.LocalEndpoint).Port)));
        Assert.Empty(_sockets.Calls);
        await Assert.ThrowsAsync<SocketException>(() => AskAsync(fresh.Port));
        using var other = _sockets.Another(url);
        using var client = await AskAsync(port);
        using var accepted = await other.AcceptAsync().WaitAsync(Deadline);
    }

    [Fact]
    public async Task An_address_that_is_written_in_another_way_is_kept_under_its_new_name()
    {
        var before = On(FreePort());
        var after = before with { Url = $"http://localhost:{before.Port}" };
        await using var edge = await StartAsync(before);
        await edge.Server.ApplyAsync(Specs.Manifest(Specs.Edge(after)), default);
        Assert.Equal([$"keep {before.Url}", $"keep {after.Url}", $"forget {before.Url}"], _sockets.Calls);
        Assert.Equal([after.Url], edge.Server.Status().Listen);
        await AnsweredAsync(await AskAsync(before.Port));
    }

    [Fact]
    public async Task A_found_socket_that_does_not_listen_is_refused_in_one_line()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _sockets.HandOver(AnyPort, socket);
        var error = await Assert.ThrowsAsync<ListenException>(() => StartAsync());
        Assert.Equal($"cannot listen on {AnyPort}: the socket that was handed over does not listen", error.Message);
    }

    private int HandOver(string url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(128);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _sockets.HandOver(url, socket);
        return port;
    }

    private Task<RunningEdge> StartAsync(params ListenSpec[] listen) =>
        RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"), Specs.Manifest(Specs.Edge(listen)), sockets: _sockets);

    private static async Task<RawClient> AskAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var client = new RawClient(socket);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        return client;
    }

    private static async Task AnsweredAsync(RawClient client)
    {
        using (client)
            Assert.EndsWith("\r\n\r\nok", await client.ReadUntilAsync("\r\n\r\nok"), StringComparison.Ordinal);
    }

    private static ListenSpec On(int port) => new($"http://127.0.0.1:{port}", IPAddress.Loopback, port);

    private static ListenSpec Everywhere(int port) => new($"http://0.0.0.0:{port}", IPAddress.Any, port);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
    }
}
