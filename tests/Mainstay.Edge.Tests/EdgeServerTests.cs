using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests;

public sealed class EdgeServerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_its_owner_and_nothing_is_left_listening()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var free = FreePort();
        var error = await Assert.ThrowsAsync<ListenException>(() => RunningEdge.StartAsync(_ => default, Specs.Manifest(Specs.Edge(On(free), On(port)))));
        Assert.StartsWith($"cannot listen on http://127.0.0.1:{port}: port {port} is already in use", error.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"(pid {Environment.ProcessId})", error.Message, StringComparison.Ordinal);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(IPAddress.Loopback, free));
    }

    [Fact]
    public async Task An_address_that_is_not_here_is_named()
    {
        var spec = new ListenSpec("http://192.0.2.1:8080", IPAddress.Parse("192.0.2.1"), 8080);
        var error = await Assert.ThrowsAsync<ListenException>(() => RunningEdge.StartAsync(_ => default, Specs.Manifest(Specs.Edge(spec))));
        Assert.Equal("cannot listen on http://192.0.2.1:8080: 192.0.2.1 is not an address of this machine; use one that is, or 0.0.0.0 for all, in edge.listen", error.Message);
    }

    [Fact]
    public async Task Status_tells_real_ports_connections_and_requests()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        using var client = await edge.ConnectAsync();
        await AskAsync(client, "/");
        await AskAsync(client, "/");
        var status = edge.Server.Status();
        Assert.True(status.Ready);
        Assert.Matches("^http://127.0.0.1:[1-9][0-9]*$", Assert.Single(status.Listen));
        Assert.Equal(1, status.Connections);
        Assert.Equal(2, status.Requests);
        client.Dispose();
        await UntilAsync(() => edge.Server.Status().Connections == 0);
    }

    [Fact]
    public async Task New_routes_and_limits_apply_without_dropping_a_connection()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, exchange.Facts.Route!.Spec.Path));
        using var client = await edge.ConnectAsync();
        Assert.EndsWith("/**", await AskAsync(client, "/a"), StringComparison.Ordinal);
        var changed = Specs.Edge() with { Limits = Specs.Limits with { Headers = 1024 } };
        await edge.Server.ApplyAsync(Specs.Manifest(changed, routes: [Specs.Route("/a"), Specs.Route()]), default);
        Assert.EndsWith("/a", await AskAsync(client, "/a"), StringComparison.Ordinal);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('x', 2000)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431 ", await client.ReadUntilAsync("\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_comes_and_another_goes_while_the_third_is_not_touched()
    {
        var (stays, goes, comes) = (FreePort(), FreePort(), FreePort());
        var release = new TaskCompletionSource();
        await using var edge = await RunningEdge.StartAsync(
            async exchange =>
            {
                if (exchange.Request.Target == "/slow")
                    await release.Task;
                await RunningEdge.SayAsync(exchange, "ok");
            },
            Specs.Manifest(Specs.Edge(On(stays), On(goes))));
        using var staying = await edge.ConnectAsync(stays);
        using var busy = await edge.ConnectAsync(goes);
        using var idle = await edge.ConnectAsync(goes);
        await AskAsync(staying, "/");
        await AskAsync(idle, "/");
        await busy.SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await UntilAsync(() => edge.Server.Status().Requests == 3);
        await edge.Server.ApplyAsync(Specs.Manifest(Specs.Edge(On(stays), On(comes))), default);
        using var coming = await edge.ConnectAsync(comes);
        await AskAsync(coming, "/");
        await AskAsync(staying, "/");
        Assert.Equal("", await idle.ReadToEndAsync());
        release.SetResult();
        var answer = await busy.ReadToEndAsync();
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("ok", answer, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SocketException>(async () => await edge.ConnectAsync(goes));
        await AskAsync(staying, "/");
        Assert.Equal([$"http://127.0.0.1:{stays}", $"http://127.0.0.1:{comes}"], edge.Server.Status().Listen);
    }

    [Fact]
    public async Task A_change_that_cannot_be_bound_changes_nothing()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, exchange.Facts.Route!.Spec.Path));
        using var client = await edge.ConnectAsync();
        await Assert.ThrowsAsync<ListenException>(() => edge.Server.ApplyAsync(
            Specs.Manifest(Specs.Edge(Specs.AnyPort, On(((IPEndPoint)taken.LocalEndpoint).Port)), routes: [Specs.Route("/a")]), default));
        Assert.EndsWith("/**", await AskAsync(client, "/a"), StringComparison.Ordinal);
        Assert.Single(edge.Server.Status().Listen);
    }

    [Fact]
    public async Task The_same_port_moves_to_another_address()
    {
        var port = FreePort();
        var everywhere = new ListenSpec($"http://0.0.0.0:{port}", IPAddress.Any, port);
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"), Specs.Manifest(Specs.Edge(On(port))));
        await edge.Server.ApplyAsync(Specs.Manifest(Specs.Edge(everywhere)), default);
        using var client = await edge.ConnectAsync(port);
        await AskAsync(client, "/");
        Assert.Equal([$"http://0.0.0.0:{port}"], edge.Server.Status().Listen);
    }

    [Fact]
    public async Task A_lame_duck_serves_on_and_announces_the_end()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        using var client = await edge.ConnectAsync();
        Assert.DoesNotContain("Connection: close", await AskAsync(client, "/"), StringComparison.Ordinal);
        edge.Server.BecomeLameDuck();
        Assert.False(edge.Server.Status().Ready);
        Assert.Contains("Connection: close\r\n", await AskAsync(client, "/"), StringComparison.Ordinal);
        Assert.Equal("", await client.ReadToEndAsync());
        using var late = await edge.ConnectAsync();
        Assert.Contains("Connection: close\r\n", await AskAsync(late, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lame_duck_moves_http_2_clients_to_new_connections_without_failing_a_request()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        using var client = RunningEdge.Http2();
        Assert.Equal("ok", await client.GetStringAsync(edge.Url));
        edge.Server.BecomeLameDuck();
        for (var i = 0; i < 20; i++)
            Assert.Equal("ok", await client.GetStringAsync(edge.Url));
    }

    [Fact]
    public async Task Stopping_waits_for_what_is_in_flight_and_closes_what_is_idle()
    {
        var release = new TaskCompletionSource();
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            await release.Task;
            await RunningEdge.SayAsync(exchange, "done");
        });
        var port = edge.Port;
        using var busy = await edge.ConnectAsync();
        using var idle = await edge.ConnectAsync();
        await busy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await UntilAsync(() => edge.Server.Status().Requests == 1);
        var stopping = edge.Server.StopAsync(Deadline, default);
        Assert.Equal("", await idle.ReadToEndAsync());
        Assert.False(stopping.IsCompleted);
        await Assert.ThrowsAsync<SocketException>(async () => await edge.ConnectAsync(port));
        release.SetResult();
        Assert.EndsWith("done", await busy.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(new(1, 0), await stopping.WaitAsync(Deadline));
        Assert.Equal(new(0, 0), await edge.Server.StopAsync(Deadline, default));
    }

    [Fact]
    public async Task What_outlasts_the_limit_is_cut()
    {
        await using var edge = await RunningEdge.StartAsync(RunningEdge.HangAsync);
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await UntilAsync(() => edge.Server.Status().Requests == 1);
        Assert.Equal(new(0, 1), await edge.Server.StopAsync(TimeSpan.FromMilliseconds(100), default).WaitAsync(Deadline));
        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Requests_in_the_backlog_are_served_while_the_edge_stops()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        edge.Server.BecomeLameDuck();
        var port = edge.Port;
        var clients = new List<RawClient>();
        for (var i = 0; i < 20; i++)
            clients.Add(await edge.ConnectAsync(port));
        var stopping = edge.Server.StopAsync(Deadline, default);
        foreach (var client in clients)
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        foreach (var client in clients)
        {
            Assert.EndsWith("ok", await client.ReadToEndAsync(), StringComparison.Ordinal);
            client.Dispose();
        }
        await stopping.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_room_is_given_back()
    {
        var limits = Specs.Limits with { Connections = 2 };
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"), Specs.Manifest(Specs.Edge() with { Limits = limits }));
        using var one = await edge.ConnectAsync();
        using var two = await edge.ConnectAsync();
        await AskAsync(one, "/");
        await AskAsync(two, "/");
        // The reset may even come before the client knows that it is connected.
        var refused = await Record.ExceptionAsync(async () =>
        {
            using var three = await edge.ConnectAsync();
            Assert.Equal("", await three.ReadToEndAsync());
        });
        Assert.True(refused is null or SocketException);
        Assert.Equal(2, edge.Server.Status().Connections);
        one.Dispose();
        await UntilAsync(() => edge.Server.Status().Connections == 1);
        using var four = await edge.ConnectAsync();
        await AskAsync(four, "/");
    }

    [Fact]
    public async Task A_connection_that_stays_silent_is_closed_and_so_is_one_that_dawdles_over_its_head()
    {
        var limits = Specs.Limits with { IdleTimeout = TimeSpan.FromSeconds(1), HeaderTimeout = TimeSpan.FromSeconds(1) };
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"), Specs.Manifest(Specs.Edge() with { Limits = limits }));
        using var silent = await edge.ConnectAsync();
        using var slow = await edge.ConnectAsync();
        using var beginning = await edge.ConnectAsync();
        using var used = await edge.ConnectAsync();
        await slow.SendAsync("GET / HTTP/1.1\r\nHost:");
        await beginning.SendAsync("P");
        await AskAsync(used, "/");
        Assert.Equal("", await silent.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 408 ", await slow.ReadToEndAsync(), StringComparison.Ordinal);
        await beginning.ReadToEndAsync();
        Assert.Equal("", await used.ReadToEndAsync());
        await UntilAsync(() => edge.Server.Status().Connections == 0);
    }

    private static ListenSpec On(int port) => new($"http://127.0.0.1:{port}", IPAddress.Loopback, port);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<string> AskAsync(RawClient client, string path)
    {
        await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        var length = int.Parse(head.Split("Content-Length: ")[1].Split("\r\n")[0]);
        return head + await client.ReadAsync(length);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
    }
}
