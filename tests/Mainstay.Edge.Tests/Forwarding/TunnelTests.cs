using System.Buffers;
using System.IO.Pipelines;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding;

public sealed class TunnelTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly byte[] Hello = [0x81, 0x02, (byte)'h', (byte)'i'];
    private static readonly byte[] Close = [0x88, 0x02, 0x03, 0xE9];

    private static readonly byte[] Begun = [.. Hello[..3]];
    private static readonly byte[] Rest = [.. Hello[3..], .. Hello];
    private static readonly byte[] RestAndClose = [.. Hello[3..], .. Close];
    private static readonly byte[] MaskedClose = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9];

    private readonly Pipe _toUpstream = new();
    private readonly Pipe _fromUpstream = new();

    [Fact]
    public async Task Bytes_go_both_ways_until_one_side_ends()
    {
        await using var bench = Bench();
        var (exchange, sending) = Upgrade(bench, "websocket");
        await exchange.FromClient.Writer.WriteAsync("ping"u8.ToArray());
        Assert.Equal("ping"u8.ToArray(), await TakeAsync(_toUpstream.Reader, 4));
        await _fromUpstream.Writer.WriteAsync(Hello);
        Assert.Equal(Hello, await TakeAsync(exchange.ToClient.Reader, 4));
        Assert.Equal(1, bench.Upstreams.Observe("web", "web-1").InFlight);
        await _fromUpstream.Writer.CompleteAsync();
        await exchange.FromClient.Writer.CompleteAsync();
        await sending.WaitAsync(Soon);
        Assert.Equal(0, bench.Upstreams.Observe("web", "web-1").InFlight);
    }

    /// <summary>The client says nothing, or more than its upstream takes; the clock stands.</summary>
    [Theory]
    [InlineData("websocket", 0)]
    [InlineData("websocket", 200_000)]
    [InlineData("something", 0)]
    [InlineData("something", 200_000)]
    public async Task It_ends_with_its_upstream_and_in_good_order(string protocol, int more)
    {
        await using var bench = Bench();
        var (exchange, sending) = Upgrade(bench, protocol);
        if (more > 0)
            await exchange.FromClient.Writer.WriteAsync(new byte[more]);
        await _fromUpstream.Writer.WriteAsync(Hello);
        await _fromUpstream.Writer.CompleteAsync();
        await sending.WaitAsync(Soon);
        Assert.False(exchange.IsAborted);
        Assert.Equal(Hello, await TakeAsync(exchange.ToClient.Reader, 4));
    }

    /// <summary>The upstream closes while the client is in the middle of a message: what it still sends is read until its own close.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_is_told_to_close_may_finish_and_not_for_long(bool answers)
    {
        await using var bench = Bench();
        var (exchange, sending) = Upgrade(bench, "websocket");
        await exchange.FromClient.Writer.WriteAsync(new byte[] { 0x82, 0xFE, 0x10, 0x00, 1, 2, 3, 4 });
        await TakeAsync(_toUpstream.Reader, 8);
        await _fromUpstream.Writer.WriteAsync(Close);
        await _fromUpstream.Writer.CompleteAsync();
        Assert.Equal(Close, await TakeAsync(exchange.ToClient.Reader, 4));
        await exchange.FromClient.Writer.WriteAsync(new byte[4000]);
        Assert.False(sending.IsCompleted);
        if (answers)
            await exchange.FromClient.Writer.WriteAsync((byte[])[.. new byte[96], .. MaskedClose]);
        else
            await bench.UntilAsync(sending, TimeSpan.FromSeconds(3));
        await sending.WaitAsync(Soon);
        Assert.False(exchange.IsAborted);
    }

    [Fact]
    public async Task A_websocket_on_a_drained_replica_is_closed_with_1001_on_both_sides()
    {
        await using var bench = Bench();
        var (exchange, sending) = Upgrade(bench, "websocket");
        await _fromUpstream.Writer.WriteAsync(Hello);
        Assert.Equal(Hello, await TakeAsync(exchange.ToClient.Reader, 4));
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromMinutes(5), default);
        Assert.Equal(Close, await TakeAsync(exchange.ToClient.Reader, 4));
        Assert.Equal(MaskedClose, await TakeAsync(_toUpstream.Reader, 8));
        await exchange.FromClient.Writer.WriteAsync(new byte[] { 0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xE9 ^ 2 });
        Assert.Equal((1, 0), (await draining.WaitAsync(Soon)) is var outcome ? (outcome.Completed, outcome.Cut) : default);
        await sending.WaitAsync(Soon);
        Assert.False(exchange.IsAborted);
    }

    [Fact]
    public async Task The_close_never_falls_inside_a_frame()
    {
        await using var bench = Bench();
        var (exchange, sending) = Upgrade(bench, "websocket");
        await _fromUpstream.Writer.WriteAsync(Hello.AsMemory(0, 3));
        Assert.Equal(Begun, await TakeAsync(exchange.ToClient.Reader, 3));
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromMinutes(5), default);
        await _fromUpstream.Writer.WriteAsync(Rest);
        Assert.Equal(RestAndClose, await TakeAsync(exchange.ToClient.Reader, 5));
        await exchange.FromClient.Writer.CompleteAsync();
        await draining.WaitAsync(Soon);
        await sending.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_client_that_does_not_answer_the_close_is_not_waited_for()
    {
        await using var bench = Bench();
        var (_, sending) = Upgrade(bench, "websocket");
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromMinutes(5), default);
        await bench.UntilAsync(draining, TimeSpan.FromSeconds(5));
        await sending.WaitAsync(Soon);
    }

    [Fact]
    public async Task Another_protocol_is_cut_at_the_limit()
    {
        await using var bench = Bench();
        var (exchange, sending) = Upgrade(bench, "something");
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromSeconds(5), default);
        bench.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(sending.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await draining.WaitAsync(Soon)).Cut);
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(1));
        Assert.True(exchange.IsAborted);
    }

    [Fact]
    public async Task The_end_of_the_upstreams_side_reaches_the_client_of_any_protocol()
    {
        await using var bench = Bench();
        var (exchange, sending) = Upgrade(bench, "something");
        await _fromUpstream.Writer.WriteAsync(Hello);
        await _fromUpstream.Writer.CompleteAsync();
        Assert.Equal(Hello, await TakeAsync(exchange.ToClient.Reader, 4));
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_websocket_that_begins_when_all_were_told_to_end_is_told_at_once()
    {
        await using var bench = Bench();
        await bench.Upstreams.TellAllToEndAsync(default);
        var (exchange, _) = Upgrade(bench, "websocket");
        Assert.Equal(Close, await TakeAsync(exchange.ToClient.Reader, 4));
    }

    [Fact]
    public async Task A_tunnel_without_a_byte_for_its_idle_time_ends()
    {
        await using var bench = Bench();
        bench.Route = bench.Route with { IdleTimeout = TimeSpan.FromSeconds(4) };
        var (_, sending) = Upgrade(bench, "websocket");
        bench.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(sending.IsCompleted);
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task A_101_that_nobody_asked_for_is_no_answer()
    {
        await using var bench = Bench();
        bench.Route = bench.Route with { Retries = 0 };
        var exchange = bench.Request();
        await bench.SendAsync(exchange).WaitAsync(Soon);
        Assert.Equal(502, exchange.Answer.Status);
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x00 })]
    [InlineData(new byte[] { 0x81, 0x80, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x82, 0x7E, 0x00, 0x02, 9, 9 })]
    [InlineData(new byte[] { 0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0, 1, 9 })]
    [InlineData(new byte[] { 0x82, 0xFE, 0x00, 0x01, 1, 2, 3, 4, 9 })]
    public void Frames_are_followed_byte_by_byte(byte[] frame)
    {
        var frames = new WebSocketFrames();
        for (var i = 0; i < frame.Length; i++)
        {
            Assert.Equal(i == 0, frames.IsBoundary);
            Assert.Equal(1, frames.Follow(new ReadOnlySequence<byte>(frame, i, 1), stop: false));
        }
        Assert.True(frames.IsBoundary);
        Assert.Equal(frame.Length, frames.Follow(new ReadOnlySequence<byte>([.. frame, .. frame]), stop: false) / 2);
    }

    private ForwardingBench Bench()
    {
        var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            attempt.Sent = attempt.Answered = true;
            attempt.Answer.Status = 101;
            attempt.Tunnel = new Duplex(_fromUpstream.Reader, _toUpstream.Writer);
            return ValueTask.CompletedTask;
        }));
        return bench;
    }

    private static (ForwardedExchange Exchange, Task Sending) Upgrade(ForwardingBench bench, string protocol)
    {
        var exchange = bench.Request();
        exchange.Request.Upgrade = protocol;
        return (exchange, bench.SendAsync(exchange));
    }

    private static async Task<byte[]> TakeAsync(PipeReader from, int count)
    {
        var read = await from.ReadAtLeastAsync(count).AsTask().WaitAsync(Soon);
        var bytes = read.Buffer.ToArray();
        from.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
