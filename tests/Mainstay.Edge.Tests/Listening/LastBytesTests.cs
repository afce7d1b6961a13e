using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>Clients that take nothing of what is left when their request is over.</summary>
public sealed class LastBytesTests
{
    /// <summary>
    /// Of answers of many lengths some end just where the kernel's buffers are full and Kestrel's are not: nothing waits for their client any
    /// more but the connection itself.
    /// </summary>
    [Fact]
    public async Task Do_not_hold_a_connection_longer_than_an_idle_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The kernel counts, and only Linux's does.");
        var limits = Specs.Limits with { IdleTimeout = TimeSpan.FromSeconds(1) };
        await using var edge = await RunningEdge.StartAsync(
            async exchange =>
            {
                var length = exchange.Request.Target[1..];
                exchange.Answer.Status = 200;
                exchange.Answer.Headers.Add(HeaderId.ContentLength, length);
                await exchange.StartAnswerAsync(default);
                exchange.AnswerBody.Write(new byte[int.Parse(length, CultureInfo.InvariantCulture)]);
                var flushing = exchange.AnswerBody.FlushAsync().AsTask();
                // As forwarding does: only what is still written to is waited for, and then given up.
                if (await Task.WhenAny(flushing, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System)) != flushing)
                    exchange.Abort();
                await flushing;
                await exchange.CompleteAnswerAsync();
            },
            Specs.Manifest(Specs.Edge() with { Limits = limits }));
        var clients = new List<RawClient>();
        for (var length = 16 << 10; length < 8 << 20; length += Math.Max(16 << 10, length / 64))
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
