using System.Text;
using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Chance;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

/// <summary>Which requests are made twice at all.</summary>
public sealed class HedgeableTests
{
    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("HEAD", false, 2)]
    [InlineData("DELETE", false, 2)]
    [InlineData("POST", false, 1)]
    [InlineData("PATCH", false, 1)]
    [InlineData("POST", true, 2)]
    public async Task Only_what_may_be_done_twice(string method, bool hasKey, int attempts)
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        var exchange = pair.Request(method);
        if (hasKey)
            exchange.Request.Headers.Add(HeaderId.IdempotencyKey, "a");

        await pair.SendAsync(exchange);

        Assert.Equal((200, attempts), (exchange.Answer.Status, pair.Attempts));
    }

    [Fact]
    public async Task Not_on_a_route_without_hedge()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        pair.Bench.Hedge = null;

        await pair.SendAsync();

        Assert.Equal(1, pair.Attempts);
    }

    [Fact]
    public async Task Not_while_too_little_is_known()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        pair.Bench.Time.Advance(TimeSpan.FromSeconds(11));

        await pair.SendAsync();

        Assert.Equal(1, pair.Attempts);
        Assert.Null(pair.Hedge.Status(pair.Bench.Clock.Seconds()).AfterSeconds);
    }

    [Fact]
    public async Task Not_when_the_budget_is_used_up()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        while (pair.Bench.Set.Budget.TrySpend(pair.Bench.Clock.Seconds()))
        {
            // Until nothing is left.
        }

        await pair.SendAsync();

        Assert.Equal(((0L, 0L), 1), (pair.Counts, pair.Attempts));
    }

    [Fact]
    public async Task A_hedge_is_no_retry_but_comes_from_the_same_budget()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Answer("second"));
        pair.Bench.Route = pair.Bench.Route with { Retries = 0 };
        var left = 0;

        await pair.SendAsync();

        Assert.Equal(2, pair.Attempts);
        while (pair.Bench.Set.Budget.TrySpend(pair.Bench.Clock.Seconds()))
            left++;
        Assert.Equal(9, left); // of ten
    }

    [Fact]
    public async Task Not_without_another_replica()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        pair.Bench.Upstreams.Suspend("web", "web-2");

        await pair.SendAsync();

        Assert.Equal(1, pair.Attempts);
    }

    [Fact]
    public async Task Not_on_a_replica_that_is_ejected()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        var now = pair.Bench.Clock.Seconds();
        Assert.True(pair.Bench.Set.TryEject(pair.Bench.Set.Serving[1], Resilience.Balancing.EjectionCause.ConsecutiveFailures, now));

        await pair.SendAsync();

        Assert.Equal(1, pair.Attempts);
    }

    [Fact]
    public async Task A_request_that_tries_an_ejected_replica_is_left_to_it()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        var ejected = pair.Bench.Set.Serving[1];
        Assert.True(pair.Bench.Set.TryEject(ejected, Resilience.Balancing.EjectionCause.ConsecutiveFailures, pair.Bench.Clock.Seconds()));
        pair.Bench.Time.Advance(TimeSpan.FromSeconds(7));
        pair.Hedge.Record(0.05, pair.Bench.Clock.Seconds());

        await pair.SendAsync();

        Assert.Equal((1, 1, false), (pair.Attempts, ejected.Requests, ejected.IsEjected));
    }

    [Fact]
    public async Task Not_while_requests_queue_for_the_service()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        var events = new EdgeEvents(pair.Bench.Clock, NullLogger.Instance);
        using var gates = new Gates(pair.Bench.Clock, new Dice(1), events);
        var spec = pair.Bench.Route with { Concurrency = new(ConcurrencyMode.Fixed, 1) };
        gates.Apply(Manifests.Of(ForwardingBench.Service()) with { Routes = [spec] });
        var admission = gates.Find(spec)!;
        var step = new AdmissionStep(pair.Bench.Clock, pair.Bench.Forwarder.ForwardAsync);
        ForwardedExchange[] exchanges = [pair.Request(), pair.Request()];
        foreach (var exchange in exchanges)
            exchange.Facts.Route = exchange.Facts.Route! with { Admission = admission };

        var sending = Task.WhenAll(exchanges.Select(exchange => step.AdmitAsync(exchange).AsTask()));
        await pair.Bench.UntilAsync(sending, TimeSpan.FromSeconds(2));

        Assert.All(exchanges, exchange => Assert.Equal(200, exchange.Answer.Status));
        Assert.Equal(((0L, 0L), 2), (pair.Counts, pair.Attempts)); // one each
    }

    [Fact]
    public async Task Not_an_upgrade()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.3), HedgedPair.Answer("second"));
        var exchange = pair.Request();
        exchange.Request.Upgrade = "websocket";

        await pair.SendAsync(exchange);

        Assert.Equal(1, pair.Attempts);
    }

    [Fact]
    public async Task A_body_is_sent_whole_in_both_attempts()
    {
        var bodies = new List<string>();
        AttemptScript Reading(AttemptScript then) => async (clock, attempt, cancel) =>
        {
            var body = await ReplicaInMemory.ReadAsync(attempt.Body!, cancel);
            lock (bodies)
                bodies.Add(body);
            await then(clock, attempt, cancel);
        };
        await using var pair = new HedgedPair(Reading(HedgedPair.Hang()), Reading(HedgedPair.Answer("second")));
        var text = new string('x', ReplayableBody.Limit / 2);
        var exchange = pair.Request("PUT", hasBody: true);
        await exchange.ClientBody.WriteAsync(Encoding.ASCII.GetBytes(text));
        await exchange.ClientBody.CompleteAsync();

        await pair.SendAsync(exchange);

        Assert.Equal("second", await exchange.TextAsync());
        Assert.Equal([text, text], bodies);
    }

    [Fact]
    public async Task Both_attempts_can_read_the_body_at_once()
    {
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bodies = new List<string>();
        async ValueTask HalfAsync(TimeProvider clock, Attempt attempt, CancellationToken cancel)
        {
            var read = await attempt.Body!.ReadAsync(cancel);
            attempt.Body.AdvanceTo(read.Buffer.GetPosition(3), read.Buffer.GetPosition(3));
            await half.Task.WaitAsync(cancel);
            bodies.Add(await ReplicaInMemory.ReadAsync(attempt.Body, cancel));
            await ReplicaInMemory.Answer(attempt, 200, "first");
        }
        async ValueTask WholeAsync(TimeProvider clock, Attempt attempt, CancellationToken cancel)
        {
            bodies.Add(await ReplicaInMemory.ReadAsync(attempt.Body!, cancel));
            half.SetResult();
            await ReplicaInMemory.Hang(attempt, cancel);
        }
        await using var pair = new HedgedPair(HalfAsync, WholeAsync);
        var exchange = pair.Request("PUT", hasBody: true);
        await exchange.ClientBody.WriteAsync("one two"u8.ToArray());
        await exchange.ClientBody.CompleteAsync();

        await pair.SendAsync(exchange);

        Assert.Equal("first", await exchange.TextAsync());
        Assert.Equal(["one two", " two"], bodies);
    }

    [Fact]
    public async Task A_slow_client_is_no_slow_upstream()
    {
        var began = 0L;
        AttemptScript first = async (_, attempt, cancel) =>
        {
            await ReplicaInMemory.ReadAsync(attempt.Body!, cancel);
            await ReplicaInMemory.Hang(attempt, cancel);
        };
        AttemptScript second = (clock, attempt, _) =>
        {
            began = clock.GetTimestamp();
            return ReplicaInMemory.Answer(attempt, 200, "second");
        };
        await using var pair = new HedgedPair(first, second);
        var exchange = pair.Request("PUT", hasBody: true);
        var sending = pair.Bench.SendAsync(exchange);
        await pair.Bench.UntilAsync(Task.Delay(TimeSpan.FromSeconds(0.5), pair.Bench.Clock), TimeSpan.FromSeconds(1));
        Assert.Equal(1, pair.Attempts);
        await exchange.ClientBody.WriteAsync("late"u8.ToArray());
        await exchange.ClientBody.CompleteAsync();
        var uploaded = pair.Bench.Clock.GetTimestamp();

        await pair.Bench.UntilAsync(sending, TimeSpan.FromSeconds(1));

        Assert.Equal("second", await exchange.TextAsync());
        Assert.InRange(pair.Bench.Clock.GetElapsedTime(uploaded, began), TimeSpan.FromSeconds(0.05), TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public async Task Not_a_body_that_is_too_long_to_be_kept()
    {
        AttemptScript slow = async (clock, attempt, cancel) =>
        {
            await ReplicaInMemory.ReadAsync(attempt.Body!, cancel);
            await HedgedPair.Answer("first", after: 0.3)(clock, attempt, cancel);
        };
        await using var pair = new HedgedPair(slow, HedgedPair.Answer("second"));
        var exchange = pair.Request("PUT", hasBody: true);
        var writing = exchange.ClientBody.WriteAsync(new byte[ReplayableBody.Limit + 1]).AsTask(); // more than the pipe takes at once
        await exchange.ClientBody.CompleteAsync();

        await pair.SendAsync(exchange);

        await writing;
        Assert.Equal(("first", 1), (await exchange.TextAsync(), pair.Attempts));
    }
}
