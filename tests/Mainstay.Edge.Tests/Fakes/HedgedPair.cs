using System.Collections.Concurrent;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Hedging;

namespace Mainstay.Edge.Tests.Fakes;

internal delegate ValueTask AttemptScript(TimeProvider clock, Attempt attempt, CancellationToken cancel);

/// <summary>
/// Two replicas of a route that is hedged after some 50 ms. The first attempt of a request does one thing, whichever replica it meets, the
/// second another. Counts what is held, so that nothing can be lost.
/// </summary>
internal sealed class HedgedPair : IAsyncDisposable
{
    private int _attempts;
    private int _held;

    public HedgedPair(AttemptScript first, AttemptScript second)
    {
        Bench = new ForwardingBench();
        async ValueTask Script(Attempt attempt, CancellationToken cancel)
        {
            var number = Interlocked.Increment(ref _attempts);
            Heads.Enqueue($"{attempt.Request.Method} {attempt.Request.Target} {attempt.Request.Headers.Text(HeaderId.MainstayTimeoutMs)}");
            await (number == 1 ? first : second)(Bench.Clock, attempt, cancel);
            if (attempt.Failure == AttemptFailure.None)
            {
                Interlocked.Increment(ref _held);
                attempt.Resources = new Holding(this);
            }
        }
        Bench.Admit(1, new ReplicaInMemory(Script));
        Bench.Admit(2, new ReplicaInMemory(Script));
        Hedge = Bench.HedgeAfter(0.05);
    }

    public ForwardingBench Bench { get; }

    public RouteHedge Hedge { get; }

    /// <summary>The heads that were sent, in this order.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public int Attempts => Volatile.Read(ref _attempts);

    public (long Made, long Won) Counts
    {
        get
        {
            var status = Hedge.Status(Bench.Clock.Seconds());
            return (status.Made, status.Won);
        }
    }

    /// <summary>Attempts on each of the replicas, the fewer first.</summary>
    public string Spread => string.Join('+', Enumerable.Range(1, 2).Select(number => Bench.Upstreams.Observe("web", $"web-{number}").Requests).Order());

    public ForwardedExchange Request(string method = "GET", bool hasBody = false) => Bench.Request(method, hasBody);

    /// <summary>Sends it, and lets the clock go until it is over.</summary>
    public async Task<ForwardedExchange> SendAsync(ForwardedExchange? exchange = null, double seconds = 1)
    {
        exchange ??= Request();
        await Bench.UntilAsync(Bench.SendAsync(exchange), TimeSpan.FromSeconds(seconds));
        AssertNothingLeft();
        return exchange;
    }

    /// <summary>Lets the clock go until the second attempt is under way.</summary>
    public async Task UntilHedgedAsync()
    {
        await Bench.UntilAsync(ForwardingBench.EventuallyAsync(() => Attempts == 2), TimeSpan.FromSeconds(20));
    }

    public void AssertNothingLeft()
    {
        Assert.Equal(0, Volatile.Read(ref _held));
        Assert.All(Enumerable.Range(1, 2), number => Assert.Equal(0, Bench.Upstreams.Observe("web", $"web-{number}").InFlight));
    }

    /// <summary>Answers after so many seconds of the test's clock.</summary>
    public static AttemptScript Answer(string text, double after = 0, int status = 200) => async (clock, attempt, cancel) =>
    {
        attempt.Sent = true;
        await WaitAsync(clock, after, cancel);
        await ReplicaInMemory.Answer(attempt, status, text);
    };

    /// <summary>Fails after so many seconds of the test's clock.</summary>
    public static AttemptScript Fail(double after = 0, AttemptFailure failure = AttemptFailure.Unanswered) => async (clock, attempt, cancel) =>
    {
        attempt.Sent = failure != AttemptFailure.Unconnected;
        await WaitAsync(clock, after, cancel);
        await ReplicaInMemory.Fail(attempt, failure, attempt.Sent);
    };

    /// <summary>Never answers.</summary>
    public static AttemptScript Hang() => (_, attempt, cancel) => ReplicaInMemory.Hang(attempt, cancel);

    private static Task WaitAsync(TimeProvider clock, double seconds, CancellationToken cancel) =>
        seconds > 0 ? Task.Delay(TimeSpan.FromSeconds(seconds), clock, cancel) : Task.CompletedTask;

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    private sealed class Holding(HedgedPair pair) : IAttemptResources
    {
        public ValueTask ReleaseAsync(Attempt attempt)
        {
            Interlocked.Decrement(ref pair._held);
            return ValueTask.CompletedTask;
        }
    }
}
