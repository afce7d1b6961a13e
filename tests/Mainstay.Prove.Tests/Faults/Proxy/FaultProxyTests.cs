using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Testing;

namespace Mainstay.Prove.Tests.Faults.Proxy;

[Collection(Alone.Name)]
public sealed class FaultProxyTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static FaultProxy ProxyTo(Upstream upstream, ulong seed = 7) => FaultProxy.Start(FaultProxySpec.To(upstream.Endpoint, seed), TimeProvider.System);

    [Fact]
    public async Task Without_faults_bytes_pass_both_ways_and_are_counted()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        var sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);
        var sending = client.SendAllAsync(sent);
        var heard = await client.HearAsync(sent.Length);
        await sending;
        Assert.True(System.Text.Encoding.Latin1.GetBytes(heard).AsSpan().SequenceEqual(sent));
        Assert.Equal((sent.Length, sent.Length), (proxy.Count.BytesUp, proxy.Count.BytesDown));
        Assert.Equal((1, 1, 0), (proxy.Count.Connections, proxy.Count.Open, proxy.Count.BytesDelayed));
    }

    [Fact]
    public async Task A_port_that_another_proxy_listens_on_is_refused()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        var taken = FaultProxySpec.To(upstream.Endpoint, 2) with { Listen = proxy.Endpoint };
        Assert.Contains("choose another port", Assert.Throws<IOException>(() => FaultProxy.Start(taken, TimeProvider.System)).Message, StringComparison.Ordinal);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("ping");
        Assert.Equal("ping", await client.HearAsync(4));
    }

    [Fact]
    public async Task The_end_of_one_way_leaves_the_other_open()
    {
        await using var upstream = Upstream.Serve(async socket =>
        {
            // Answers only when the client has ended.
            var heard = await socket.HearAllAsync();
            await socket.SayAsync(heard.ToUpperInvariant());
            socket.Shutdown(SocketShutdown.Send);
        });
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("half");
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("HALF", await client.HearAllAsync());
        await Eventually.True(() => proxy.Count.Open == 0, Soon, "the connection is over");
        Assert.Equal(0, proxy.Count.Resets);
    }

    [Fact]
    public async Task A_second_of_latency_is_seen_as_a_second()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("warm");
        await client.HearAsync(4);
        proxy.Set(new Latency(TimeSpan.FromSeconds(1)));
        var start = Stopwatch.GetTimestamp();
        await client.SayAsync("ping");
        Assert.Equal("ping", await client.HearAsync(4));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.95, 1.05);
        Assert.Equal((4, 1), (proxy.Count.BytesDelayed, proxy.Count.ConnectionsDelayed));
    }

    [Fact]
    public async Task What_waits_goes_at_once_when_latency_is_lifted()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        proxy.Set(new Latency(TimeSpan.FromMinutes(10)));
        await client.SayAsync("late");
        await Eventually.True(() => proxy.Count.ConnectionsDelayed == 1, Soon, "the answer waits");
        proxy.Clear();
        Assert.Equal("late", await client.HearAsync(4));
    }

    [Fact]
    public async Task Bandwidth_is_kept_within_a_tenth()
    {
        await using var upstream = Upstream.Serve(socket => socket.SendAllAsync(new byte[1_000_000]));
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new Bandwidth(1_000_000));
        var start = Stopwatch.GetTimestamp();
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.HearAsync(1_000_000);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.9, 1.1);
    }

    [Fact]
    public async Task A_blackhole_silences_live_connections_and_new_ones_and_lets_go_when_lifted()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        using var live = await Client.ConnectAsync(proxy.Endpoint);
        await live.SayAsync("warm");
        await live.HearAsync(4);
        proxy.Set(new Blackhole());
        using var fresh = await Client.ConnectAsync(proxy.Endpoint);
        await live.SayAsync("one");
        await fresh.SayAsync("two");
        await Eventually.True(() => proxy.Count.ConnectionsSilenced == 2, Soon, "both are held");
        var (first, second) = (live.HearAsync(3), fresh.HearAsync(3));
        Assert.NotSame(first, await Task.WhenAny(first, second, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System)));
        Assert.False(second.IsCompleted);
        proxy.Clear();
        Assert.Equal(("one", "two"), (await first, await second));
    }

    [Fact]
    public async Task A_client_that_gives_up_in_a_blackhole_leaves_nothing_behind()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new Blackhole());
        for (var i = 0; i < 20; i++)
        {
            using var client = await Client.ConnectAsync(proxy.Endpoint);
            await client.SayAsync("anybody?");
        }
        await Eventually.True(() => proxy.Count is { Connections: 20, Open: 0 }, Soon, "all are over");
    }

    [Fact]
    public async Task Refuse_means_connection_refused_and_the_port_is_the_same_afterwards()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        using var live = await Client.ConnectAsync(proxy.Endpoint);
        await live.SayAsync("warm");
        await live.HearAsync(4);
        proxy.Set(new Refuse());
        Assert.Equal((0, SocketError.ConnectionReset), await live.HearTheEndAsync());
        var refused = await Assert.ThrowsAsync<SocketException>(() => Client.ConnectAsync(proxy.Endpoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.True(await proxy.IsRefusingAsync(default));
        proxy.Clear();
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("again");
        Assert.Equal("again", await client.HearAsync(5));
        Assert.False(await proxy.IsRefusingAsync(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public async Task A_reset_comes_after_so_many_bytes(int bytes)
    {
        await using var upstream = Upstream.Serve(async socket => { await socket.HearAsync(1); await socket.SendAllAsync(new byte[50_000]); });
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new Reset(AfterBytes: bytes));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("?");
        Assert.Equal((bytes, SocketError.ConnectionReset), await client.HearTheEndAsync());
        Assert.Equal(1, proxy.Count.Resets);
    }

    [Fact]
    public async Task A_reset_reaches_live_connections_at_once()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await Eventually.True(() => upstream.Accepted == 1, Soon, "connected through");
        proxy.Set(new Reset());
        Assert.Equal((0, SocketError.ConnectionReset), await client.HearTheEndAsync());
    }

    [Fact]
    public async Task A_reset_of_the_moment_spares_later_connections()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("warm");
        await client.HearAsync(4);
        proxy.ResetLive();
        Assert.Equal((0, SocketError.ConnectionReset), await client.HearTheEndAsync());
        using var later = await Client.ConnectAsync(proxy.Endpoint);
        await later.SayAsync("again");
        Assert.Equal("again", await later.HearAsync(5));
        Assert.Equal(1, proxy.Count.Resets);
    }

    [Fact]
    public async Task A_limit_lets_so_many_bytes_pass_and_closes()
    {
        await using var upstream = Upstream.Serve(socket => socket.SendAllAsync(new byte[50_000]));
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new LimitBytes(1234));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        Assert.Equal((1234, SocketError.Success), await client.HearTheEndAsync());
        Assert.Equal((1, 0), (proxy.Count.Closes, proxy.Count.Resets));
    }

    [Fact]
    public async Task Slices_come_apart()
    {
        await using var upstream = Upstream.Serve(socket => socket.SendAllAsync(new byte[1000]));
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new Slicing(100, 0, TimeSpan.FromMilliseconds(100)));
        var start = Stopwatch.GetTimestamp();
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        var buffer = new byte[1000];
        var first = await client.ReceiveAsync(buffer);
        Assert.Equal(100, first);
        await client.HearAsync(900);
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(9 * 100 - 5));
    }

    [Fact]
    public async Task A_slow_close_delays_the_end_alone()
    {
        await using var upstream = Upstream.Serve(async socket => { await socket.SayAsync("done"); socket.Shutdown(SocketShutdown.Send); });
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new SlowClose(TimeSpan.FromMilliseconds(500)));
        var start = Stopwatch.GetTimestamp();
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        Assert.Equal("done", await client.HearAsync(4));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(400));
        Assert.Equal("", await client.HearAsync(1));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(450));
        Assert.Equal(1, proxy.Count.ClosesDelayed);
    }

    [Fact]
    public async Task A_slow_close_that_is_lifted_ends_at_once()
    {
        await using var upstream = Upstream.Serve(async socket => { await socket.SayAsync("done"); socket.Shutdown(SocketShutdown.Send); });
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new SlowClose(TimeSpan.FromMinutes(5)));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        Assert.Equal("done", await client.HearAsync(4));
        await Eventually.True(() => proxy.Count.ClosesDelayed == 1, Soon, "the close waits");
        proxy.Clear();
        Assert.Equal("", await client.HearAsync(1));
    }

    [Fact]
    public async Task A_stall_loses_bytes_and_closes_when_lifted()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new Stall());
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("lost");
        await Eventually.True(() => proxy.Count.BytesDropped == 4, Soon, "dropped");
        proxy.Clear();
        Assert.Equal(0, (await client.HearTheEndAsync()).Bytes);
        Assert.Equal(1, proxy.Count.Closes);
    }

    [Fact]
    public async Task The_first_connections_fail_and_later_ones_do_not()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new FirstFail(3));
        var ends = new List<bool>();
        for (var i = 0; i < 5; i++)
            ends.Add(await WorksAsync(proxy));
        Assert.Equal([false, false, false, true, true], ends);
        Assert.Equal(3, proxy.Count.Refusals);
    }

    [Fact]
    public async Task A_ratio_of_connections_fails_and_the_same_ones_for_the_same_seed()
    {
        await using var upstream = Upstream.Echo();
        var runs = new List<string>();
        foreach (var seed in (ulong[])[3, 3, 4])
        {
            await using var proxy = ProxyTo(upstream, seed);
            proxy.Set(new Flaky(0.5));
            var run = "";
            for (var i = 0; i < 60; i++)
                run += await WorksAsync(proxy) ? '.' : 'x';
            Assert.InRange(run.Count(letter => letter == 'x'), 15, 45);
            runs.Add(run);
        }
        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
    }

    [Fact]
    public async Task Toxicity_spares_connections()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new Reset(AfterBytes: 0) { Toxicity = 0.5 });
        var works = 0;
        for (var i = 0; i < 40; i++)
            works += await WorksAsync(proxy) ? 1 : 0;
        Assert.InRange(works, 8, 32);
    }

    [Fact]
    public async Task A_fault_that_stays_goes_on_as_it_was_when_others_come()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        var limit = new LimitBytes(6);
        proxy.Set(limit);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("abcd");
        await client.HearAsync(4);
        proxy.Set(limit, new Latency(TimeSpan.FromMilliseconds(1)));
        await client.SayAsync("efgh");
        Assert.Equal("ef", await client.HearAllAsync());
    }

    [Fact]
    public async Task An_upstream_that_is_not_there_resets_the_client()
    {
        // Taken, so that nobody else gets it, and not listened on.
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var proxy = FaultProxy.Start(FaultProxySpec.To(nobody.LocalEndPoint!, 1), TimeProvider.System);
        Assert.Equal(SocketError.ConnectionReset, await Client.EndOfNewAsync(proxy.Endpoint));
        Assert.Equal(1, proxy.Count.UpstreamFailures);
    }

    [Fact]
    public async Task A_receiver_that_does_not_read_holds_the_sender()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new Latency(TimeSpan.FromMinutes(1)));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        client.Blocking = false;
        var sent = 0L;
        var block = new byte[65536];
        // Until nothing more is taken for a while: kernel buffers and 1 MiB of ours are full.
        var last = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(1) && sent < 1L << 30)
        {
            try
            {
                sent += client.Send(block);
                last = Stopwatch.GetTimestamp();
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }
        Assert.InRange(sent, 1 << 20, 64 << 20);
    }

    [Fact]
    public async Task Disposing_ends_every_connection_and_frees_the_port()
    {
        await using var upstream = Upstream.Echo();
        var proxy = ProxyTo(upstream);
        var clients = new List<Socket>();
        for (var i = 0; i < 50; i++)
            clients.Add(await Client.ConnectAsync(proxy.Endpoint));
        await Eventually.True(() => upstream.Accepted == 50, Soon, "all are through");
        await proxy.DisposeAsync();
        Assert.Equal((50, 0), (proxy.Count.Connections, proxy.Count.Open));
        foreach (var client in clients)
        {
            Assert.Equal(SocketError.ConnectionReset, (await client.HearTheEndAsync()).Error);
            client.Dispose();
        }
        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        next.Bind(proxy.Endpoint);
    }

    [Fact]
    public async Task Nothing_leaks_over_many_connections_and_changes()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        Fault[] kinds = [new Latency(TimeSpan.FromMilliseconds(1)), new Reset(AfterBytes: 2), new Blackhole(), new Bandwidth(1e6), new LimitBytes(3), new Refuse()];
        for (var i = 0; i < 120; i++)
        {
            proxy.Clear();
            using var client = await Client.ConnectAsync(proxy.Endpoint);
            await client.SayAsync("hello");
            proxy.Set(kinds[i % kinds.Length]);
        }
        proxy.Clear();
        await Eventually.True(() => proxy.Count.Open == 0, Soon, "all are over");
        Assert.True(await WorksAsync(proxy));
    }

    [Fact]
    public void Another_machine_is_refused_unless_allowed()
    {
        var remote = FaultProxySpec.To(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 80), 1);
        var problem = Assert.Throws<ArgumentException>(() => FaultProxy.Start(remote, TimeProvider.System));
        Assert.Equal("the upstream 192.0.2.1:80 is not on this machine; faults are for loopback unless another machine is allowed explicitly", problem.Message);
        Assert.Null((remote with { AllowRemote = true }).Problem);
        Assert.NotNull((remote with { AllowRemote = true, Listen = new(IPAddress.Any, 0) }).Problem);
        Assert.Null(FaultProxySpec.To(new DnsEndPoint("localhost", 80), 1).Problem);
        Assert.NotNull(FaultProxySpec.To(new DnsEndPoint("localhost.example", 80), 1).Problem);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        await using var upstream = Upstream.Echo();
        var problem = Assert.Throws<IOException>(() => FaultProxy.Start(new(upstream.Endpoint, upstream.Endpoint, 1), TimeProvider.System));
        Assert.StartsWith($"cannot listen on {upstream.Endpoint}: ", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> WorksAsync(FaultProxy proxy)
    {
        try
        {
            // A reset at once may come before connecting has been told of.
            using var client = await Client.ConnectAsync(proxy.Endpoint);
            await client.SayAsync("works");
            return await client.HearAsync(5) == "works";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
