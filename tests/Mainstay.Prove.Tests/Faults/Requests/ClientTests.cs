using System.Net;
using System.Net.Sockets;
using Mainstay.Prove.Faults.Requests;
using Mainstay.Prove.Tests.Faults.Proxy;
using Mainstay.Testing;

namespace Mainstay.Prove.Tests.Faults.Requests;

public sealed class ClientTests
{
    private static SlowClients Slow(Upstream server, double limitSeconds) =>
        new(server.Endpoint, new("PUT", "/orders", "shop.example"), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(limitSeconds), TimeProvider.System);

    [Theory]
    [InlineData(Slowness.Head, "PUT /orders HTTP/1.1\r\nHost: shop.example\r\nX: ")]
    [InlineData(Slowness.Body, "PUT /orders HTTP/1.1\r\nHost: shop.example\r\nContent-Length: ")]
    internal async Task Slow_clients_tell_when_they_were_closed(Slowness slowness, string begin)
    {
        var heard = new List<string>();
        await using var server = Upstream.Serve(async socket =>
        {
            var text = await socket.HearAsync(120);
            lock (heard)
                heard.Add(text);
            await socket.SayAsync("HTTP/1.1 408 Late\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            socket.Shutdown(SocketShutdown.Both);
        });
        var evidence = await Slow(server, 20).RunAsync(slowness, 30, default);
        Assert.Equal(30, evidence.Count);
        Assert.All(evidence, one => Assert.True(one.Connected && one.Closed && one.Status is 408 && one.Elapsed < TimeSpan.FromSeconds(15), $"{one}"));
        Assert.All(heard, text => Assert.StartsWith(begin, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_beginning_of_a_slow_upload_comes_at_once()
    {
        const int First = 128 * 1024;
        await using var server = Upstream.Serve(async socket =>
        {
            var head = await Client.ReadHeadAsync(socket);
            var body = await socket.HearAsync(First + 3);
            await socket.SayAsync($"HTTP/1.1 {(head.Length > 0 && body.Length == First + 3 ? 408 : 500)} Late\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            socket.Shutdown(SocketShutdown.Send);
            await socket.HearTheEndAsync();
        });
        var evidence = await Slow(server, 20).RunAsync(Slowness.Upload, 5, default);
        Assert.All(evidence, one => Assert.True(one is { Connected: true, Closed: true, Status: 408 } && one.Elapsed < TimeSpan.FromSeconds(15), $"{one}"));
    }

    [Theory]
    [InlineData(Slowness.Head)]
    [InlineData(Slowness.Body)]
    [InlineData(Slowness.Upload)]
    [InlineData(Slowness.Answer)]
    internal async Task Slow_clients_tell_that_they_were_not_closed(Slowness slowness)
    {
        await using var server = Upstream.Serve(async socket =>
        {
            await socket.SayAsync(slowness == Slowness.Answer ? new string('x', 1_000_000) : "");
            await socket.HearTheEndAsync();
        });
        var evidence = await Slow(server, 0.5).RunAsync(slowness, 10, default);
        Assert.All(evidence, one => Assert.True(one.Connected && !one.Closed));
    }

    [Fact]
    public async Task Who_cannot_connect_was_no_slow_client()
    {
        var nobody = new SlowClients(new(IPAddress.Loopback, Ports.Free()), new("GET", "/", "localhost"), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5), TimeProvider.System);
        Assert.All(await nobody.RunAsync(Slowness.Head, 3, default), one => Assert.False(one.Connected || one.Closed));
    }

    [Fact]
    public async Task A_noisy_client_comes_from_its_own_address_and_counts_what_it_gets()
    {
        var (asked, from) = (0, new HashSet<IPAddress>());
        await using var server = Upstream.Serve(async socket =>
        {
            lock (from)
                from.Add(((IPEndPoint)socket.RemoteEndPoint!).Address);
            while (await Client.ReadHeadAsync(socket) is { Length: > 0 })
            {
                await socket.SayAsync((Interlocked.Increment(ref asked) % 3) switch
                {
                    0 => "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                    1 => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                    _ => "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
                });
            }
        });
        var noisy = new NoisyClient(server.Endpoint, NoisyClient.DefaultFrom, "/", 200, 4, TimeProvider.System);
        var evidence = await noisy.RunAsync(TimeSpan.FromSeconds(1), default);
        Assert.Equal([NoisyClient.DefaultFrom], from);
        Assert.InRange(evidence.Sent, 50, 240);
        Assert.Equal(0, evidence.Failed);
        Assert.InRange(evidence.Limited, evidence.Sent / 3 - 2, evidence.Sent / 3 + 2);
        Assert.Equal(evidence.Sent, evidence.ByStatus.Values.Sum());
    }

    [Fact]
    public async Task What_a_noisy_client_is_not_answered_counts_as_failed()
    {
        await using var server = Upstream.Serve(async socket => { await Client.ReadHeadAsync(socket); socket.Dispose(); });
        var noisy = new NoisyClient(server.Endpoint, NoisyClient.DefaultFrom, "/", 100, 2, TimeProvider.System);
        var evidence = await noisy.RunAsync(TimeSpan.FromMilliseconds(500), default);
        Assert.True(evidence.Sent > 10);
        Assert.Equal(evidence.Sent, evidence.Failed);
    }
}
