using System.IO.Pipelines;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Routing;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding;

public sealed class AllocationTests
{
    /// <summary>Unoptimised code makes an object of every async method's state; shipped code does not.</summary>
#if DEBUG
    private const int Most = 1600;
#else
    private const int Most = 64;
#endif

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_small_get_allocates_next_to_nothing(bool isHedged)
    {
        await using var bench = new ForwardingBench(TimeProvider.System);
        bench.Admit(1, new LeanReplica());
        bench.Admit(2, new LeanReplica());
        using var exchange = new LeanExchange();
        var route = new Route(bench.Route, bench.Set) { Hedge = isHedged ? bench.HedgeAfter(1) : null };
        void Send(int times)
        {
            for (var i = 0; i < times; i++)
            {
                exchange.Begin(route, bench.Clock.GetTimestamp());
                var forwarding = bench.Forwarder.ForwardAsync(exchange);
                Assert.True(forwarding.IsCompletedSuccessfully);
                forwarding.GetAwaiter().GetResult();
            }
        }
        Send(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(1000);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
        Assert.Equal(200, exchange.Answer.Status);
        Assert.True(each <= Most, $"{each} bytes for each request");
    }

    private sealed class LeanExchange : Exchange, IDisposable
    {
        private readonly LeanWriter _answer = new();
        private readonly CancellationTokenSource _connection = new();
        private bool _started;

        public override TimeProvider Time => TimeProvider.System;

        public override PipeReader RequestBody => throw new InvalidOperationException();

        public override CancellationToken ClientGone => _connection.Token;

        public override bool AnswerStarted => _started;

        public override PipeWriter AnswerBody => _answer;

        public void Begin(Route route, long arrived)
        {
            Reset();
            _started = false;
            Request.Method = "GET";
            Request.Target = "/";
            Facts.Route = route;
            Facts.Arrived = arrived;
        }

        public void Dispose() => _connection.Dispose();

        public override void LimitBody(long bytes)
        {
        }

        public override ValueTask CompleteAnswerAsync() => ValueTask.CompletedTask;

        public override void Abort()
        {
        }

        protected override ValueTask SendHeadAsync(CancellationToken cancel)
        {
            _started = true;
            return ValueTask.CompletedTask;
        }

        protected override ValueTask<IDuplexPipe> SwitchProtocolsAsync(CancellationToken cancel) => throw new InvalidOperationException();
    }

    private sealed class LeanReplica : IUpstreamClient
    {
        private readonly LeanBody _body = new();

        public ValueTask SendAsync(Attempt attempt, CancellationToken cancel)
        {
            attempt.Sent = attempt.Answered = true;
            attempt.Answer.Status = 200;
            attempt.Answer.Headers.Add(HeaderId.ContentType, "text/plain"u8);
            attempt.Answer.Headers.Add(HeaderId.ContentLength, "5"u8);
            attempt.AnswerBody = _body;
            return ValueTask.CompletedTask;
        }

        public void Retire()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class LeanBody : AnswerBody
    {
        private static readonly byte[] Hello = "hello"u8.ToArray();

        public LeanBody()
        {
            Length = 5;
            IsComplete = true;
        }

        public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel) => new(Hello);
    }

    private sealed class LeanWriter : PipeWriter
    {
        private readonly byte[] _bytes = new byte[4096];

        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _bytes;

        public override Span<byte> GetSpan(int sizeHint = 0) => _bytes;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(default(FlushResult));

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
