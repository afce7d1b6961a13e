using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Tests.Listening;

public sealed class TunnelTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    public async Task A_WebSocket_echoes_over_either_protocol(int version)
    {
        await using var edge = await RunningEdge.StartAsync(EchoWebSocketAsync);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new(version / 10, version % 10);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{edge.Port}/chat"), invoker, deadline.Token);
        var buffer = new byte[1024];
        foreach (var text in (string[])["hello", "again"])
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, deadline.Token);
            var received = await socket.ReceiveAsync(buffer, deadline.Token);
            Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, received.Count));
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_tunnel_begins_with_101_and_passes_bytes_both_ways()
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            Assert.Equal("echo", exchange.Request.Upgrade);
            Assert.False(exchange.Request.HasBody);
            exchange.Answer.Status = 101;
            exchange.Answer.Headers.Add(HeaderId.Upgrade, "echo");
            var tunnel = await exchange.UpgradeAsync(default);
            while (await tunnel.Input.ReadAsync() is { Buffer.IsEmpty: false } read)
            {
                tunnel.Output.Write(read.Buffer.ToArray());
                tunnel.Input.AdvanceTo(read.Buffer.End);
                await tunnel.Output.FlushAsync();
            }
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: Echo\r\n\r\nearly");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Connection: Upgrade\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: echo\r\n", head, StringComparison.Ordinal);
        Assert.Equal("early", await client.ReadUntilAsync("early"));
        await client.SendAsync("late");
        Assert.Equal("late", await client.ReadUntilAsync("late"));
    }

    [Fact]
    public async Task An_upgrade_that_is_not_taken_is_answered_as_usual()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, $"<{exchange.Request.Upgrade}>"));
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        Assert.EndsWith("<websocket>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n");
        Assert.EndsWith("<>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
        // Another HTTP inside a tunnel would pass by every route and rule.
        foreach (var upgrade in (string[])["h2c", "websocket, H2C", "HTTP/2.0", "TLS/1.2"])
        {
            await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: {upgrade}\r\n\r\n");
            Assert.EndsWith("<>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
        }
    }

    internal static async ValueTask EchoWebSocketAsync(Exchange exchange)
    {
        Assert.Equal("GET", exchange.Request.Method);
        Assert.Equal("websocket", exchange.Request.Upgrade);
        Assert.Equal("13", exchange.Request.Headers.Text(HeaderId.SecWebSocketVersion));
        var key = exchange.Request.Headers.Text(HeaderId.SecWebSocketKey) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        exchange.Answer.Status = 101;
        exchange.Answer.Headers.Add(HeaderId.Upgrade, "websocket");
        exchange.Answer.Headers.Add(HeaderId.SecWebSocketAccept, Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key))));
        var tunnel = await exchange.UpgradeAsync(default);
        using var socket = WebSocket.CreateFromStream(new DuplexStream(tunnel), new WebSocketCreationOptions { IsServer = true });
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, default) is { MessageType: not WebSocketMessageType.Close } received)
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, default);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }

    /// <summary>Pipes as the stream that a WebSocket wants.</summary>
    private sealed class DuplexStream(IDuplexPipe pipe) : Stream
    {
        private readonly Stream _input = pipe.Input.AsStream();
        private readonly Stream _output = pipe.Output.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
