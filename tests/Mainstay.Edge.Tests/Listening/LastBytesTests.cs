using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>Clients that take nothing of what is left when their request is over. Fills the kernel's buffers, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(LastBytesTests), DisableParallelization = true)]
[Collection(nameof(LastBytesTests))]
public sealed class LastBytesTests
{
    private const int Piece = 16 << 10;

    /// <summary>
    /// Of answers of many lengths some end just where the kernel's buffers are full and Kestrel's are not: nothing waits for their client any
    /// more but the connection itself.
    /// </summary>
    [Fact]
    public async Task Do_not_hold_a_connection_longer_than_an_idle_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The kernel counts, and only Linux's does.");
        // Accepted sockets inherit the size, and keep it.
        var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 32 << 10 };
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen(512);
        using var sockets = new KeptSockets();
        sockets.HandOver(Specs.AnyPort.Url, listening);
        var limits = Specs.Limits with { IdleTimeout = TimeSpan.FromSeconds(1) };
        await using var edge = await RunningEdge.StartAsync(
            async exchange =>
            {
                var length = exchange.Request.Target[1..];
                exchange.Answer.Status = 200;
                exchange.Answer.Headers.Add(HeaderId.ContentLength, length);
                await exchange.StartAnswerAsync(default);
                for (var left = int.Parse(length, CultureInfo.InvariantCulture); left > 0; left -= Piece)
                {
                    exchange.AnswerBody.Write(new byte[Math.Min(left, Piece)]);
                    var flushing = exchange.AnswerBody.FlushAsync().AsTask();
                    // As forwarding does: whoever takes nothing of what is still being written is given up.
                    if (await Task.WhenAny(flushing, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System)) != flushing)
                        exchange.Abort();
                    if ((await flushing).IsCompleted)
                        return;
                }
                await exchange.CompleteAnswerAsync();
            },
            Specs.Manifest(Specs.Edge() with { Limits = limits }),
            sockets: sockets);
        var clients = new List<RawClient>();
        for (var length = Piece; length < 1 << 20; length += Piece)
        {
            var client = await edge.ConnectAsync();
            client.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, 4096);
            await client.SendAsync($"GET /{length} HTTP/1.1\r\nHost: a\r\n{(clients.Count % 2 == 0 ? "Connection: close\r\n" : "")}\r\n");
            clients.Add(client);
        }
        await ForwardingBench.EventuallyAsync(() => edge.Server.Status().Connections == 0);
        clients.ForEach(client => client.Dispose());
    }
}
