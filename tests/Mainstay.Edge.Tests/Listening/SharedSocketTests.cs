using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>Whatever the edge does to its descriptor of a listening socket, the socket is as it was for whoever else holds one.</summary>
public sealed class SharedSocketTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly string Url = Specs.AnyPort.Url;

    private readonly KeptSockets _sockets = new();

    public void Dispose() => _sockets.Dispose();

    public enum End
    {
        Dispose,
        Leave,
        LeaveAndDisposeAtOnce,
        StopAfterLeave,
    }

    [Theory]
    [InlineData(End.Dispose)]
    [InlineData(End.Leave)]
    [InlineData(End.LeaveAndDisposeAtOnce)]
    [InlineData(End.StopAfterLeave)]
    public async Task Closing_a_descriptor_takes_nothing_from_the_other(End end)
    {
        int port;
        await using (var first = await StartAsync())
            port = first.Port;
        using var other = _sockets.Another(Url);
        for (var i = 0; i < 20; i++)
        {
            var edge = await StartAsync();
            // Accepting at this very moment, now and then.
            using var client = i % 2 == 0 ? await ConnectAsync(port) : null;
            await EndAsync(edge, end);
            Assert.Equal(1, other.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection));
            Assert.False(other.LingerState!.Enabled);
        }
        // Whoever was left in the backlog by the loop is still there: nobody was reset by the closing.
        while (other.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            (await other.AcceptAsync()).Dispose();
        using var late = await ConnectAsync(port);
        using var accepted = await other.AcceptAsync().WaitAsync(Deadline);
        Assert.Equal(late.Socket.LocalEndPoint, accepted.RemoteEndPoint);
    }

    [Fact]
    public async Task Whoever_comes_after_leaving_waits_for_the_other()
    {
        await using var first = await StartAsync();
        var port = first.Port;
        await first.Server.LeaveAsync(Deadline, default);
        using var waiting = await ConnectAsync(port);
        await waiting.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await using var second = await StartAsync();
        await waiting.ReadUntilAsync("\r\n\r\nok");
    }

    [Fact]
    public async Task A_socket_that_comes_back_under_its_old_number_is_accepted_from()
    {
        _sockets.ReusesNumbers = true;
        await using (var first = await StartAsync())
            await AskAsync(first.Port);
        for (var i = 0; i < 3; i++)
        {
            await using var next = await StartAsync();
            await AskAsync(next.Port);
            await AskAsync(next.Port);
        }
    }

    /// <summary>A bare handle's disposal has .NET close the hard way, and connections accepted later inherit that.</summary>
    [Fact]
    public async Task A_descriptor_that_somebody_closed_the_hard_way_does_not_make_answers_end_in_resets()
    {
        await using var edge = await StartAsync();
        using var other = _sockets.Another(Url);
        _sockets.Find(Url, new(0, 0))!.Dispose();
        Assert.True(other.LingerState!.Enabled);
        edge.Server.BecomeLameDuck();
        for (var i = 0; i < 20; i++)
        {
            using var client = await ConnectAsync(edge.Port);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await client.ReadUntilAsync("\r\n\r\nok");
            Assert.Equal(0, await client.Socket.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
        }
    }

    private static async Task EndAsync(RunningEdge edge, End end)
    {
        switch (end)
        {
            case End.Leave:
                await edge.Server.LeaveAsync(TimeSpan.FromMilliseconds(1), default);
                break;
            case End.LeaveAndDisposeAtOnce:
                var leaving = edge.Server.LeaveAsync(TimeSpan.FromMinutes(1), default);
                await edge.DisposeAsync().AsTask().WaitAsync(Deadline);
                await leaving.WaitAsync(Deadline);
                break;
            case End.StopAfterLeave:
                await edge.Server.LeaveAsync(TimeSpan.Zero, default);
                await edge.Server.StopAsync(TimeSpan.Zero, default);
                break;
            case End.Dispose:
            default:
                break;
        }
        await edge.DisposeAsync();
    }

    private Task<RunningEdge> StartAsync() => RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"), sockets: _sockets);

    private static async Task AskAsync(int port)
    {
        using var client = await ConnectAsync(port);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\nok");
    }

    private static async Task<RawClient> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new(socket);
    }
}
