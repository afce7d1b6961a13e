using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

public sealed class RaceTests
{
    [Fact]
    public async Task A_slow_attempt_is_overtaken_by_one_on_the_other_replica()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Answer("second"));

        var exchange = await pair.SendAsync(seconds: 0.3);

        Assert.Equal((200, "second"), (exchange.Answer.Status, await exchange.TextAsync()));
        Assert.Equal((1, 1), pair.Counts);
        Assert.Equal(("1+1", 2), (pair.Spread, pair.Attempts));
        Assert.Equal((2, 0), (pair.Bench.Set.Totals.Attempts, pair.Bench.Set.Totals.Retries));
    }

    [Fact]
    public async Task The_first_attempt_can_still_win()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.15), HedgedPair.Hang());

        var exchange = await pair.SendAsync(seconds: 0.4);

        Assert.Equal((200, "first"), (exchange.Answer.Status, await exchange.TextAsync()));
        Assert.Equal((1, 0), pair.Counts);
    }

    [Fact]
    public async Task What_answers_as_usual_is_not_made_twice()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.03), HedgedPair.Hang());

        await pair.SendAsync(seconds: 0.3);

        Assert.Equal(((0L, 0L), 1), (pair.Counts, pair.Attempts));
    }

    [Theory]
    [InlineData(AttemptFailures.Unanswered)]
    [InlineData(AttemptFailures.Unconnected)]
    [InlineData(AttemptFailures.Malformed)]
    public async Task A_failure_does_not_win_while_the_other_attempt_may_still_answer(string failure)
    {
        var cause = Enum.Parse<AttemptFailure>(failure);
        await using var failsSecond = new HedgedPair(HedgedPair.Answer("first", after: 0.2), HedgedPair.Fail(after: 0.02, cause));
        await using var failsFirst = new HedgedPair(HedgedPair.Fail(after: 0.1, cause), HedgedPair.Answer("second", after: 0.1));

        Assert.Equal("first", await (await failsSecond.SendAsync()).TextAsync());
        Assert.Equal("second", await (await failsFirst.SendAsync()).TextAsync());
        Assert.Equal((2, 2), (failsSecond.Attempts, failsFirst.Attempts));
        Assert.Equal((1, 1), (failsSecond.Bench.Set.Totals.Failures, failsFirst.Bench.Set.Totals.Failures));
    }

    [Fact]
    public async Task A_refusal_does_not_win_while_the_other_attempt_may_still_answer()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("first", after: 0.2), HedgedPair.Answer("busy", after: 0.02, status: 503));

        Assert.Equal("first", await (await pair.SendAsync()).TextAsync());
        Assert.Equal((1, 0), pair.Counts);
    }

    [Fact]
    public async Task An_error_of_the_application_s_own_is_an_answer()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Answer("oops", status: 500));

        var exchange = await pair.SendAsync();

        Assert.Equal((500, "oops"), (exchange.Answer.Status, await exchange.TextAsync()));
    }

    [Fact]
    public async Task Two_failures_are_one_honest_error()
    {
        await using var pair = new HedgedPair(HedgedPair.Fail(after: 0.1), HedgedPair.Fail(after: 0.1));
        pair.Bench.Route = pair.Bench.Route with { Retries = 0 };

        var exchange = await pair.SendAsync(seconds: 2);

        Assert.Equal((502, "application/problem+json"), (exchange.Answer.Status, exchange.Answer.Headers.Text(HeaderId.ContentType)));
        Assert.Equal(("1+1", 2), (pair.Spread, pair.Bench.Set.Totals.Failures));
    }

    [Fact]
    public async Task A_refusal_is_handed_on_when_the_other_attempt_fails()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("busy", after: 0.1, status: 503), HedgedPair.Fail(after: 0.1));

        var exchange = await pair.SendAsync(seconds: 2);

        Assert.Equal((503, "busy", 2), (exchange.Answer.Status, await exchange.TextAsync(), pair.Attempts));
    }

    [Fact]
    public async Task After_two_failures_the_route_s_retries_go_on_and_nothing_is_hedged_again()
    {
        var attempts = 0;
        AttemptScript rest = (clock, attempt, cancel) => Interlocked.Increment(ref attempts) == 1
            ? HedgedPair.Fail(after: 0.1)(clock, attempt, cancel)
            : HedgedPair.Answer("third", after: 0.2)(clock, attempt, cancel);
        await using var pair = new HedgedPair(HedgedPair.Fail(after: 0.1), rest);

        var exchange = await pair.SendAsync(seconds: 2);

        Assert.Equal(("third", 3), (await exchange.TextAsync(), pair.Attempts));
        Assert.Equal((1, 1), (pair.Counts.Made, pair.Bench.Set.Totals.Retries));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_both_attempts()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Hang());
        var exchange = pair.Request();
        var sending = pair.Bench.SendAsync(exchange);
        await pair.UntilHedgedAsync();

        exchange.Leave();
        await sending.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(exchange.IsAborted);
        pair.AssertNothingLeft();
        Assert.Equal(0, pair.Bench.Set.Totals.Failures);
    }

    [Fact]
    public async Task Both_attempts_share_the_deadline()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Hang());
        pair.Bench.Route = pair.Bench.Route with { Timeout = TimeSpan.FromSeconds(1) };

        var exchange = await pair.SendAsync(seconds: 1.2);

        Assert.Equal((504, 2), (exchange.Answer.Status, pair.Attempts));
        Assert.Equal("GET / 1000", pair.Heads.First());
        Assert.InRange(int.Parse(pair.Heads.Last().Split(' ')[2]), 900, 960);
    }

    [Fact]
    public async Task Each_attempt_has_its_own_timeout()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Answer("second", after: 0.28));
        pair.Bench.Route = pair.Bench.Route with { AttemptTimeout = TimeSpan.FromSeconds(0.3) };

        // The first one's time is up before the second answers, and that does not end the second.
        Assert.Equal("second", await (await pair.SendAsync()).TextAsync());
        Assert.Equal((2, 1), (pair.Attempts, pair.Bench.Set.Totals.Failures));
    }

    [Fact]
    public async Task A_drained_replica_s_attempt_ends_and_the_other_goes_on()
    {
        await using var pair = new HedgedPair(HedgedPair.Answer("a", after: 0.5), HedgedPair.Answer("a", after: 0.5));
        var exchange = pair.Request();
        var sending = pair.Bench.SendAsync(exchange);
        await pair.UntilHedgedAsync();

        var drain = pair.Bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromSeconds(0.1), default);
        await pair.Bench.UntilAsync(Task.WhenAll(sending, drain), TimeSpan.FromSeconds(1));

        Assert.Equal((200, 1), (exchange.Answer.Status, (await drain).Cut));
        Assert.Equal((2, 0), (pair.Attempts, pair.Bench.Set.Totals.Failures));
        pair.AssertNothingLeft();
    }

    [Fact]
    public async Task The_answer_of_the_second_attempt_is_cut_like_any_other_when_its_replica_s_drain_is_over()
    {
        AttemptScript stream = async (_, attempt, _) =>
        {
            var pipe = ReplicaInMemory.Stream(attempt, "text/plain");
            await pipe.Writer.WriteAsync("begun"u8.ToArray(), CancellationToken.None);
        };
        await using var pair = new HedgedPair(HedgedPair.Hang(), stream);
        var exchange = pair.Request();
        var sending = pair.Bench.SendAsync(exchange);
        await pair.Bench.UntilAsync(ForwardingBench.EventuallyAsync(() => exchange.AnswerStarted), TimeSpan.FromSeconds(1));
        var at = Enumerable.Range(1, 2).Single(number => pair.Bench.Upstreams.Observe("web", $"web-{number}").InFlight == 1);

        var drain = pair.Bench.Upstreams.DrainAsync("web", $"web-{at}", TimeSpan.FromSeconds(0.1), default);
        await pair.Bench.UntilAsync(Task.WhenAll(sending, drain), TimeSpan.FromSeconds(1));

        Assert.True(exchange.IsAborted);
        Assert.Equal(1, (await drain).Cut);
        pair.AssertNothingLeft();
    }

    [Fact]
    public async Task Being_overtaken_is_no_failure_but_is_remembered_as_slow()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Answer("second"));
        var replicas = pair.Bench.Set.Serving.ToArray();

        await pair.SendAsync();

        var now = pair.Bench.Clock.Seconds();
        var costs = replicas.Select(replica => replica.Cost(replica, now)).Order().ToArray();
        Assert.InRange(costs[1], 0.05, 0.12);
        Assert.True(costs[0] < costs[1]);
        Assert.Equal(0, pair.Bench.Set.Totals.Failures);
        // One success, and one that says nothing.
        Assert.Equal([0, 1], replicas.Select(replica => replica.Success(now).Samples).Order());
    }
}

/// <summary>The enum is internal, so theories name its values.</summary>
internal static class AttemptFailures
{
    public const string Unanswered = nameof(AttemptFailure.Unanswered);
    public const string Unconnected = nameof(AttemptFailure.Unconnected);
    public const string Malformed = nameof(AttemptFailure.Malformed);
}
