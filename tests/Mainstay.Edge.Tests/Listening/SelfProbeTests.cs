using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Listening;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests.Listening;

public sealed class SelfProbeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task The_edge_answers_by_itself(string address)
    {
        var forwarded = 0;
        var listen = new ListenSpec($"http://{address}:0", IPAddress.Parse(address), 0);
        await using var edge = await RunningEdge.StartAsync(
            exchange => { forwarded++; return RunningEdge.SayAsync(exchange, "app"); }, Specs.Manifest(Specs.Edge(listen)));
        Assert.True(await edge.Server.AnswersAsync(CancellationToken.None).WaitAsync(Long));
        Assert.Equal(0, forwarded);
        Assert.Equal(0, edge.Server.Status().Requests);
    }

    [Fact]
    public async Task A_lame_duck_answers_and_a_stopped_edge_does_not()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "app"));
        edge.Server.BecomeLameDuck();
        Assert.True(await edge.Server.AnswersAsync(CancellationToken.None).WaitAsync(Long));
        await edge.Server.StopAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.False(await edge.Server.AnswersAsync(CancellationToken.None).WaitAsync(Long));
    }

    [Fact]
    public async Task A_full_edge_is_not_a_dead_one()
    {
        var limits = Specs.Limits with { Connections = 1 };
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "app"), Specs.Manifest(Specs.Edge() with { Limits = limits }));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, edge.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        Assert.True(await client.GetStream().ReadAsync(new byte[64]) > 0);
        Assert.True(await edge.Server.AnswersAsync(CancellationToken.None).WaitAsync(Long));
    }

    [Fact]
    public async Task A_listener_that_accepts_and_says_nothing_does_not_answer()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen();
        using var cancel = new CancellationTokenSource();
        var probe = SelfProbe.AskAsync((IPEndPoint)deaf.LocalEndPoint!, new ConnectionGate(), cancel.Token);
        using var accepted = await deaf.AcceptAsync();
        Assert.Equal("CONNECT "u8.Length, await accepted.ReceiveAsync(new byte["CONNECT "u8.Length]));
        Assert.False(probe.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.WaitAsync(Long));
    }
}
