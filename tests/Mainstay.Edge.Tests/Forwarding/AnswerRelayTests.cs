using System.IO.Pipelines;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding;

public sealed class AnswerRelayTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("POST", 502)]
    public async Task A_small_answer_that_breaks_off_has_not_been_seen(string method, int status)
    {
        await using var bench = new ForwardingBench();
        var count = 0;
        async ValueTask Script(Attempt attempt, CancellationToken cancel)
        {
            if (Interlocked.Increment(ref count) > 1)
            {
                await ReplicaInMemory.Answer(attempt, 200, "whole");
                return;
            }
            var pipe = ReplicaInMemory.Stream(attempt, "text/plain", length: 10);
            await pipe.Writer.WriteAsync("half"u8.ToArray(), cancel);
            pipe.Writer.Complete(new IOException("died"));
        }
        bench.Admit(1, new ReplicaInMemory(Script));
        bench.Admit(2, new ReplicaInMemory(Script));
        var exchange = bench.Request(method);
        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(1));
        Assert.Equal(status, exchange.Answer.Status);
        Assert.Equal(status == 200, await exchange.TextAsync() == "whole");
    }

    [Fact]
    public async Task A_failure_counts_once_though_its_client_leaves_before_its_head()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            ReplicaInMemory.Stream(attempt, "text/plain");
            attempt.Answer.Status = 500;
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request();
        exchange.TakesNothing = true;
        var sending = bench.SendAsync(exchange);
        await ForwardingBench.EventuallyAsync(() => exchange.AnswerStarted);
        exchange.Leave();
        await sending.WaitAsync(Soon);
        Assert.Equal((true, 1L), (exchange.IsAborted, bench.Set.Totals.Failures));
    }

    [Fact]
    public async Task A_small_answer_in_pieces_arrives_whole()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory(async (attempt, cancel) =>
        {
            var pipe = ReplicaInMemory.Stream(attempt, "text/plain", length: 10);
            await pipe.Writer.WriteAsync("01234"u8.ToArray(), cancel);
            _ = Task.Run(async () =>
            {
                await pipe.Writer.WriteAsync("56789"u8.ToArray(), cancel);
                await pipe.Writer.CompleteAsync();
            }, cancel);
        }));
        var exchange = bench.Request();
        await bench.SendAsync(exchange).WaitAsync(Soon);
        Assert.Equal("0123456789", await exchange.TextAsync());
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_seen_as_broken()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory(async (attempt, cancel) =>
        {
            var pipe = ReplicaInMemory.Stream(attempt, "text/plain");
            await pipe.Writer.WriteAsync("half"u8.ToArray(), cancel);
            pipe.Writer.Complete(new IOException("died"));
        }));
        var exchange = bench.Request();
        await bench.SendAsync(exchange).WaitAsync(Soon);
        Assert.True(exchange.IsAborted);
        Assert.False(exchange.IsComplete);
    }

    [Fact]
    public async Task Pieces_of_a_stream_arrive_as_they_come_with_trailers_behind()
    {
        await using var bench = new ForwardingBench();
        Pipe? pipe = null;
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            attempt.Answer.Trailers = new HeaderBlock();
            attempt.Answer.Trailers.Add("grpc-status"u8, "0"u8);
            pipe = ReplicaInMemory.Stream(attempt, "application/grpc");
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request("POST");
        var sending = bench.SendAsync(exchange);
        Assert.True(exchange.AnswerStarted);
        foreach (var piece in new[] { "one", "two" })
        {
            await pipe!.Writer.WriteAsync(Encoding.ASCII.GetBytes(piece));
            var read = await exchange.ClientAnswer.ReadAsync().AsTask().WaitAsync(Soon);
            Assert.Equal(piece, Encoding.ASCII.GetString(read.Buffer.FirstSpan));
            exchange.ClientAnswer.AdvanceTo(read.Buffer.End);
        }
        await pipe!.Writer.CompleteAsync();
        await sending.WaitAsync(Soon);
        Assert.True(exchange.IsComplete);
        Assert.Equal(1, exchange.Answer.Trailers!.Count);
    }

    [Fact]
    public async Task A_slow_client_holds_the_upstream_back()
    {
        await using var bench = new ForwardingBench();
        Pipe? pipe = null;
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            pipe = ReplicaInMemory.Stream(attempt, "application/octet-stream");
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        var written = 0;
        var writing = Task.Run(async () =>
        {
            for (; written < 1000; Interlocked.Increment(ref written))
                await pipe!.Writer.WriteAsync(new byte[4096]);
            await pipe!.Writer.CompleteAsync();
        });
        await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        Assert.InRange(Volatile.Read(ref written), 1, 100);
        Assert.Equal(4096 * 1000, (await exchange.TextAsync()).Length);
        await sending.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_stream_without_a_byte_for_its_idle_time_ends()
    {
        await using var bench = new ForwardingBench();
        Pipe? pipe = null;
        bench.Route = bench.Route with { IdleTimeout = TimeSpan.FromSeconds(2) };
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            pipe = ReplicaInMemory.Stream(attempt, "text/plain");
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        for (var i = 0; i < 10; i++)
        {
            await pipe!.Writer.WriteAsync("x"u8.ToArray());
            var read = await exchange.ClientAnswer.ReadAsync().AsTask().WaitAsync(Soon);
            exchange.ClientAnswer.AdvanceTo(read.Buffer.End);
            bench.Time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.False(exchange.IsAborted);
        }
        bench.Time.Advance(TimeSpan.FromSeconds(2.5));
        await sending.WaitAsync(Soon);
        Assert.True(exchange.IsAborted);
    }

    [Fact]
    public async Task A_small_answer_is_idle_only_when_no_byte_of_it_comes()
    {
        await using var bench = new ForwardingBench();
        Pipe? pipe = null;
        PipedBody? body = null;
        bench.Route = bench.Route with { IdleTimeout = TimeSpan.FromSeconds(2) };
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            pipe = ReplicaInMemory.Stream(attempt, "text/plain", length: 20);
            body = (PipedBody)attempt.AnswerBody!;
            return ValueTask.CompletedTask;
        }));
        foreach (var isWhole in (bool[])[true, false])
        {
            var exchange = bench.Request("POST");
            var sending = bench.SendAsync(exchange);
            for (var i = 0; i < 10; i++)
            {
                Assert.False(sending.IsCompleted);
                await pipe!.Writer.WriteAsync(isWhole || i < 9 ? "xx"u8.ToArray() : "x"u8.ToArray());
                var asked = i + 2;
                await ForwardingBench.EventuallyAsync(() => sending.IsCompleted || body!.Asked == asked);
                bench.Time.Advance(TimeSpan.FromSeconds(1.5));
            }
            bench.Time.Advance(TimeSpan.FromSeconds(1.5));
            await sending.WaitAsync(Soon);
            Assert.Equal(isWhole ? 200 : 504, exchange.Answer.Status);
        }
    }

    [Fact]
    public async Task A_client_that_leaves_a_stream_ends_it_and_is_nobody_s_failure()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            ReplicaInMemory.Stream(attempt, "text/plain");
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        exchange.Leave();
        await sending.WaitAsync(Soon);
        Assert.Equal(0, bench.Set.Totals.Failures);
    }

    [Theory]
    [InlineData("", "data: 1\n\n", "")]
    [InlineData("data: 1\n\n", "data: 2\n\n", "data: 1\n\n")]
    [InlineData("data: 1\n\ndata: 2", "\n\ndata: 3\n\n", "data: 1\n\ndata: 2\n\n")]
    [InlineData("data: 1\r\n\r\ndata: 2\r\n", "\r\ndata: 3\r\n\r\n", "data: 1\r\n\r\ndata: 2\r\n\r")]
    [InlineData("data: 1\n", "data: more\n\ndata: 3\n\n", "data: 1\ndata: more\n\n")]
    public async Task An_event_stream_on_a_drained_replica_ends_behind_a_whole_event(string before, string after, string received)
    {
        await using var bench = new ForwardingBench();
        Pipe? pipe = null;
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            pipe = ReplicaInMemory.Stream(attempt, "text/event-stream; charset=utf-8");
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        if (before.Length > 0)
        {
            await pipe!.Writer.WriteAsync(Encoding.ASCII.GetBytes(before));
            var read = await exchange.ClientAnswer.ReadAtLeastAsync(before.Length).AsTask().WaitAsync(Soon);
            exchange.ClientAnswer.AdvanceTo(read.Buffer.Start);
        }
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromMinutes(10), default);
        if (before != received)
            await pipe!.Writer.WriteAsync(Encoding.ASCII.GetBytes(after));
        Assert.Equal((1, 0), (await draining.WaitAsync(Soon)) is var outcome ? (outcome.Completed, outcome.Cut) : default);
        await sending.WaitAsync(Soon);
        Assert.True(exchange.IsComplete);
        Assert.False(exchange.IsAborted);
        Assert.Equal(received, await exchange.TextAsync());
    }

    [Fact]
    public async Task Many_event_streams_end_within_a_second_one_after_the_other()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            ReplicaInMemory.Stream(attempt, "text/event-stream");
            return ValueTask.CompletedTask;
        }));
        var exchanges = Enumerable.Range(0, 40).Select(_ => bench.Request()).ToList();
        var sending = exchanges.Select(bench.SendAsync).ToList();
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromMinutes(10), default);
        await ForwardingBench.EventuallyAsync(() => exchanges.Any(exchange => exchange.IsComplete));
        Assert.InRange(exchanges.Count(exchange => exchange.IsComplete), 1, 4);
        await bench.UntilAsync(draining, TimeSpan.FromSeconds(2));
        await Task.WhenAll(sending).WaitAsync(Soon);
        Assert.All(exchanges, exchange => Assert.True(exchange.IsComplete));
    }

    [Theory]
    [InlineData("small", 200, false)]
    [InlineData("", 204, false)]
    [InlineData("", 200, true)]
    public async Task A_client_that_takes_nothing_is_cut_off_after_the_idle_time(string text, int status, bool streams)
    {
        await using var bench = new ForwardingBench();
        bench.Route = bench.Route with { IdleTimeout = TimeSpan.FromSeconds(2) };
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            if (!streams)
                return ReplicaInMemory.Answer(attempt, status, text);
            ReplicaInMemory.Stream(attempt, "text/plain");
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request();
        exchange.TakesNothing = true;
        var sending = bench.SendAsync(exchange);
        bench.Time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.False(sending.IsCompleted);
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(2)).WaitAsync(Soon);
        Assert.True(exchange.IsAborted);
        Assert.Equal(0, bench.Upstreams.Observe("web", "web-1").InFlight);
    }

    [Fact]
    public async Task An_event_stream_that_ends_while_its_client_is_slow_leaves_no_read_behind()
    {
        await using var bench = new ForwardingBench();
        Pipe? pipe = null;
        CountedBody? body = null;
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            pipe = ReplicaInMemory.Stream(attempt, "text/event-stream");
            attempt.AnswerBody = body = new CountedBody(attempt.AnswerBody!);
            return ValueTask.CompletedTask;
        }));
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        // Together more than the client's pipe takes, each less than is flushed at once: the last flush waits beside the next read.
        var piece = Encoding.ASCII.GetBytes("data: " + new string('x', 30 * 1024) + "\n\n");
        for (var i = 1; i <= 3; i++)
        {
            await pipe!.Writer.WriteAsync(piece);
            await ForwardingBench.EventuallyAsync(() => body!.IsWaitingAfter(i * piece.Length));
        }
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromMinutes(10), default);
        await sending.WaitAsync(Soon);
        Assert.False(body!.IsWaitingAfter(3 * piece.Length));
        await draining.WaitAsync(Soon);
        Assert.True(exchange.IsComplete);
    }

    [Fact]
    public async Task An_answer_without_a_body_passes_with_its_head()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("", 204));
        var exchange = bench.Request("DELETE");
        await bench.SendAsync(exchange).WaitAsync(Soon);
        Assert.Equal((204, ""), (exchange.Answer.Status, await exchange.TextAsync()));
    }

    /// <summary>Tells when a read is under way; one that is called off ends late.</summary>
    private sealed class CountedBody(AnswerBody inner) : AnswerBody
    {
        private int _reading;
        private int _read;

        public bool IsWaitingAfter(int bytes) => Volatile.Read(ref _read) == bytes && Volatile.Read(ref _reading) == 1;

        public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel)
        {
            Interlocked.Increment(ref _reading);
            try
            {
                var piece = await inner.ReadAsync(cancel);
                Interlocked.Add(ref _read, piece.Length);
                return piece;
            }
            catch (OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
                throw;
            }
            finally
            {
                Interlocked.Decrement(ref _reading);
            }
        }
    }
}
