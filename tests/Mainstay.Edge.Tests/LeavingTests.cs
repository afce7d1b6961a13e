using System.Buffers;
using System.Net.WebSockets;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Edge.Tests.Listening;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests;

/// <summary>An edge whose sockets another core has taken over.</summary>
public sealed class LeavingTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly KeptSockets _sockets = new();

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public async Task An_idle_connection_is_served_its_next_request_and_goes_with_the_answer()
    {
        await using var edge = await StartAsync();
        using var idle = await edge.ConnectAsync();
        Assert.DoesNotContain("Connection: close", await AskAsync(idle), StringComparison.Ordinal);
        await RestsAsync(edge);
        var leaving = edge.Server.LeaveAsync(Long, default);
        Assert.False(edge.Server.Status().Ready);
        await StillAsync(leaving, edge, connections: 1);
        Assert.Contains("Connection: close\r\n", await AskAsync(idle), StringComparison.Ordinal);
        await EndedAsync(idle);
        Assert.Equal(new(1, 0), await leaving.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_connection_that_has_said_nothing_yet_or_half_a_head_is_served()
    {
        await using var edge = await StartAsync();
        using var silent = await edge.ConnectAsync();
        using var half = await edge.ConnectAsync();
        await half.SendAsync("GET / HT");
        await UntilAsync(() => edge.Server.Status().Connections == 2);
        var leaving = edge.Server.LeaveAsync(Long, default);
        await StillAsync(leaving, edge, connections: 2);
        await half.SendAsync("TP/1.1\r\nHost: a\r\n\r\n");
        await half.ReadUntilAsync("\r\n\r\nok");
        await EndedAsync(half);
        Assert.Contains("Connection: close\r\n", await AskAsync(silent), StringComparison.Ordinal);
        await EndedAsync(silent);
        Assert.Equal(new(2, 0), await leaving.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_request_in_flight_is_finished_on_either_protocol()
    {
        var release = new TaskCompletionSource();
        await using var edge = await StartAsync(async exchange =>
        {
            await release.Task;
            await RunningEdge.SayAsync(exchange, "done");
        });
        using var http1 = await edge.ConnectAsync();
        using var http2 = RunningEdge.Http2();
        await http1.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = http2.GetStringAsync(edge.Url);
        await UntilAsync(() => edge.Server.Status().Requests == 2);
        var leaving = edge.Server.LeaveAsync(Long, default);
        await StillAsync(leaving, edge, connections: 2);
        release.SetResult();
        Assert.Equal("done", await answer.WaitAsync(Deadline));
        Assert.Contains("Connection: close\r\n", await http1.ReadUntilAsync("\r\n\r\ndone"), StringComparison.Ordinal);
        await EndedAsync(http1);
        // Only GOAWAY ends the connection of HTTP/2: its client would keep it.
        Assert.Equal(new(2, 0), await leaving.WaitAsync(Deadline));
    }

    [Fact]
    public async Task An_http_2_stream_whose_head_went_out_before_runs_to_its_end_and_its_connection_goes_then()
    {
        var release = new TaskCompletionSource();
        await using var edge = await StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            await exchange.StartAnswerAsync(exchange.ClientGone);
            exchange.AnswerBody.Write("begin"u8);
            await exchange.AnswerBody.FlushAsync();
            await release.Task;
            exchange.AnswerBody.Write(" end"u8);
            await exchange.CompleteAnswerAsync();
        });
        using var client = RunningEdge.Http2();
        using var answer = await client.GetAsync(edge.Url, HttpCompletionOption.ResponseHeadersRead);
        var leaving = edge.Server.LeaveAsync(Long, default);
        await StillAsync(leaving, edge, connections: 1);
        release.SetResult();
        Assert.Equal("begin end", await answer.Content.ReadAsStringAsync().WaitAsync(Deadline));
        Assert.Equal(new(1, 0), await leaving.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_request_that_waits_for_a_replica_is_answered_when_there_is_one()
    {
        await using var upstream = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "replica"));
        await using var edge = new RunningEdge(new EdgeServer(_sockets, TimeProvider.System, NullLoggerFactory.Instance, 1));
        await edge.Server.StartAsync(Specs.Manifest(), default);
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await UntilAsync(() => edge.Server.Status().Waiting == 1);
        var leaving = edge.Server.LeaveAsync(Long, default);
        await StillAsync(leaving, edge, connections: 1);
        edge.Server.Traffic.Admit(new ReplicaEndpoint("web", "web-1", 1, upstream.Port));
        Assert.Contains("Connection: close\r\n", await client.ReadUntilAsync("\r\n\r\nreplica"), StringComparison.Ordinal);
        Assert.Equal(new(1, 0), await leaving.WaitAsync(Deadline));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_WebSocket_is_told_to_go_also_one_that_begins_late(bool late)
    {
        await using var upstream = await RunningEdge.StartAsync(TunnelTests.EchoWebSocketAsync);
        await using var edge = new RunningEdge(new EdgeServer(_sockets, TimeProvider.System, NullLoggerFactory.Instance, 1));
        await edge.Server.StartAsync(Specs.Manifest(), default);
        using var deadline = new CancellationTokenSource(Deadline);
        using var socket = new ClientWebSocket();
        var connecting = socket.ConnectAsync(new Uri($"ws://127.0.0.1:{edge.Port}/chat"), deadline.Token);
        var replica = new ReplicaEndpoint("web", "web-1", 1, upstream.Port);
        if (late)
        {
            await UntilAsync(() => edge.Server.Status().Waiting == 1);
        }
        else
        {
            edge.Server.Traffic.Admit(replica);
            await connecting;
        }
        var leaving = edge.Server.LeaveAsync(Long, default);
        if (late)
        {
            await UntilAsync(() => !edge.Server.Status().Ready);
            edge.Server.Traffic.Admit(replica);
            await connecting;
        }
        var received = await socket.ReceiveAsync(new byte[16], deadline.Token);
        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, received.CloseStatus);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        Assert.Equal(0, (await leaving.WaitAsync(Deadline)).Cut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_the_limit_or_when_cancelled_what_is_left_is_cut(bool cancelled)
    {
        await using var edge = await StartAsync(exchange => exchange.Request.Target == "/slow"
            ? RunningEdge.HangAsync(exchange)
            : RunningEdge.SayAsync(exchange, "ok"));
        using var busy = await edge.ConnectAsync();
        using var idle = await edge.ConnectAsync();
        using var silent = await edge.ConnectAsync();
        await AskAsync(idle);
        await RestsAsync(edge);
        await busy.SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await UntilAsync(() => edge.Server.Status() is { Requests: 2, Connections: 3 });
        using var cancel = new CancellationTokenSource();
        var leaving = edge.Server.LeaveAsync(cancelled ? Long : TimeSpan.FromMilliseconds(200), cancel.Token);
        if (cancelled)
        {
            await StillAsync(leaving, edge, connections: 3);
            await cancel.CancelAsync();
        }
        Assert.Equal(new(0, 1), await leaving.WaitAsync(Deadline));
        Assert.Equal("", await busy.ReadToEndAsync());
        Assert.Equal("", await idle.ReadToEndAsync());
        Assert.Equal("", await silent.ReadToEndAsync());
    }

    /// <summary>Going on may happen inside the timer's callback, which has more to cancel: its exception would end a real process.</summary>
    [Fact]
    public async Task Whoever_waits_for_the_end_may_dispose_the_moment_the_limit_is_reached()
    {
        var limit = TimeSpan.FromSeconds(1);
        using var deadline = new CancellationTokenSource(Deadline * 3);
        // Whether it goes on there depends on how fast the silent connections end: a few times in a hundred.
        for (var i = 0; i < 200; i++)
        {
            var time = new FakeTimeProvider();
            var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"), time: time);
            var silent = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => edge.ConnectAsync()));
            await UntilAsync(() => edge.Server.Status().Connections == silent.Length);
            var ended = Task.Run(async () =>
            {
                await edge.Server.LeaveAsync(limit, default);
                await edge.DisposeAsync();
            });
            await UntilAsync(() => !edge.Server.Status().Ready);
            while (!ended.IsCompleted)
            {
                // Outside of the test's own context, which would have it go on elsewhere.
                await Task.Run(() => time.Advance(limit), deadline.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
            }
            await ended;
            foreach (var client in silent)
                client.Dispose();
        }
    }

    [Fact]
    public async Task Leaving_twice_or_after_stopping_does_nothing()
    {
        await using var left = await StartAsync();
        using var client = await left.ConnectAsync();
        await AskAsync(client);
        await RestsAsync(left);
        var first = left.Server.LeaveAsync(Long, default);
        var second = left.Server.LeaveAsync(Long, default);
        var stopping = left.Server.StopAsync(Long, default);
        await AskAsync(client);
        Assert.Equal(new(1, 0), await first.WaitAsync(Deadline));
        Assert.Equal(0, (await second.WaitAsync(Deadline)).Cut);
        Assert.Equal(0, (await stopping.WaitAsync(Deadline)).Cut);
        Assert.False(await left.Server.AnswersAsync(default));

        await using var stopped = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        await stopped.Server.StopAsync(Long, default);
        Assert.Equal(new(0, 0), await stopped.Server.LeaveAsync(Long, default).WaitAsync(Deadline));
    }

    [Fact]
    public async Task An_edge_that_has_left_can_be_changed_no_more()
    {
        await using var edge = await StartAsync();
        await edge.Server.LeaveAsync(TimeSpan.Zero, default);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => edge.Server.ApplyAsync(Specs.Manifest(), default));
    }

    private Task<RunningEdge> StartAsync(Func<Exchange, ValueTask>? step = null) =>
        RunningEdge.StartAsync(step ?? (exchange => RunningEdge.SayAsync(exchange, "ok")), sockets: _sockets);

    private static async Task<string> AskAsync(RawClient client)
    {
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        return await client.ReadUntilAsync("\r\n\r\nok");
    }

    /// <summary>What was answered counts as completed.</summary>
    private static Task RestsAsync(RunningEdge edge) => UntilAsync(() => edge.Server.InFlight == 0);

    /// <summary>By FIN: a reset throws.</summary>
    private static async Task EndedAsync(RawClient client) => Assert.Equal(0, await client.Socket.ReceiveAsync(new byte[1]).WaitAsync(Deadline));

    /// <summary>Nothing happens to the connections for longer than a stopping edge would leave them.</summary>
    private static async Task StillAsync(Task leaving, RunningEdge edge, int connections)
    {
        Assert.NotEqual(leaving, await Task.WhenAny(leaving, Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System)));
        Assert.Equal(connections, edge.Server.Status().Connections);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
    }
}
