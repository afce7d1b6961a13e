using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding;

public sealed class RetrySafetyTests
{
    // The enum is internal, so the theory names it.
    [Theory]
    [InlineData("GET", "Unconnected", false, 200)]
    [InlineData("GET", "Unanswered", true, 200)]
    [InlineData("GET", "BrokenHead", true, 200)]
    [InlineData("GET", "Malformed", true, 200)]
    [InlineData("GET", "ClientBody", true, 400)]
    [InlineData("PUT", "Unanswered", true, 200)]
    [InlineData("DELETE", "Unanswered", true, 200)]
    [InlineData("POST", "Unconnected", false, 200)]
    [InlineData("POST", "Unanswered", false, 200)]
    [InlineData("POST", "Unanswered", true, 502)]
    [InlineData("POST", "BrokenHead", true, 502)]
    [InlineData("PATCH", "Unanswered", true, 502)]
    [InlineData("LOCK", "Unanswered", true, 502)]
    public async Task A_failed_attempt_is_repeated_only_where_it_can_do_no_harm(string method, string failure, bool sent, int status)
    {
        await using var bench = new ForwardingBench();
        var failures = 0;
        ValueTask FailFirst(Attempt attempt, CancellationToken cancel) => Interlocked.Increment(ref failures) == 1
            ? ReplicaInMemory.Fail(attempt, Enum.Parse<AttemptFailure>(failure), sent)
            : ReplicaInMemory.Answer(attempt, 200, "ok");
        bench.Admit(1, new ReplicaInMemory(FailFirst));
        bench.Admit(2, new ReplicaInMemory(FailFirst));
        var exchange = bench.Request(method);

        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(1));

        Assert.Equal(status, exchange.Answer.Status);
        Assert.Equal(status == 200 ? 2 : 1, failures);
        Assert.Equal(status == 200 ? 1 : 0, bench.Set.Totals.Retries);
    }

    [Fact]
    public void A_shortage_of_our_own_is_not_held_against_the_upstream()
    {
        var attempt = new Attempt { Request = new(), Failure = AttemptFailure.Unconnected };
        Assert.True(RetryRules.JudgeFailed(attempt).IsUnreachable);
        attempt.IsOurShortage = true;
        Assert.Equal(FlightOutcome.Ignored, RetryRules.JudgeFailed(attempt));
    }

    [Fact]
    public async Task An_idempotency_key_allows_a_post_to_be_repeated()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true));
        var exchange = bench.Request("POST");
        exchange.Request.Headers.Add(HeaderId.IdempotencyKey, "a");
        var sending = bench.SendAsync(exchange);
        var good = bench.Admit(2, ReplicaInMemory.Answering("ok"));

        await bench.UntilAsync(sending, TimeSpan.FromSeconds(5));

        Assert.Equal(200, exchange.Answer.Status);
        Assert.Equal(1, good.Attempts);
    }

    [Fact]
    public async Task No_more_attempts_are_made_than_the_route_allows()
    {
        await using var bench = new ForwardingBench();
        var replicas = Enumerable.Range(1, 5).Select(number => bench.Admit(number, ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true))).ToList();
        var exchange = bench.Request();

        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(5));

        Assert.Equal(502, exchange.Answer.Status);
        Assert.Equal(3, replicas.Sum(replica => replica.Attempts));
        Assert.All(replicas, replica => Assert.InRange(replica.Attempts, 0, 1));
        Assert.Equal("application/problem+json", exchange.Answer.Headers.Text(HeaderId.ContentType));
    }

    [Fact]
    public async Task Retries_of_zero_turn_them_off()
    {
        await using var bench = new ForwardingBench();
        bench.Route = bench.Route with { Retries = 0 };
        var replica = bench.Admit(1, ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false));
        var exchange = bench.Request();

        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(5));

        Assert.Equal(502, exchange.Answer.Status);
        Assert.Equal(1, replica.Attempts);
    }

    [Fact]
    public async Task The_budget_ends_retries_when_everything_fails()
    {
        await using var bench = new ForwardingBench();
        var first = bench.Admit(1, ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true));
        var second = bench.Admit(2, ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true));
        await bench.UntilAsync(Task.WhenAll(Enumerable.Range(0, 200).Select(_ => bench.SendAsync(bench.Request()))), TimeSpan.FromSeconds(5));

        Assert.True(first.Attempts + second.Attempts < 200 * 1.5, $"{first.Attempts + second.Attempts} attempts");
        Assert.Equal(first.Attempts + second.Attempts - 200, bench.Set.Totals.Retries);
    }

    [Fact]
    public async Task Requests_of_a_replica_that_died_are_made_again_whatever_the_budget()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true));
        ForwardedExchange[] exchanges = [.. Enumerable.Range(0, 200).Select(_ => bench.Request())];
        var all = Task.WhenAll(exchanges.Select(bench.SendAsync));

        bench.Upstreams.Remove("web", "web-1");
        bench.Admit(2, ReplicaInMemory.Answering("whole"));
        await bench.UntilAsync(all, TimeSpan.FromSeconds(5));

        Assert.All(exchanges, exchange => Assert.Equal(200, exchange.Answer.Status));
    }

    [Theory]
    [InlineData("GET", 503, 200)]
    [InlineData("GET", 502, 200)]
    [InlineData("GET", 504, 200)]
    [InlineData("GET", 500, 500)]
    [InlineData("GET", 429, 429)]
    [InlineData("POST", 503, 503)]
    public async Task A_refusal_is_taken_to_another_replica_if_that_is_safe(string method, int refused, int status)
    {
        await using var bench = new ForwardingBench();
        var bad = bench.Admit(1, ReplicaInMemory.Answering("no", refused));
        ReplicaInMemory? good = null;
        bad.Script = (attempt, _) =>
        {
            good ??= bench.Admit(2, ReplicaInMemory.Answering("ok"));
            return ReplicaInMemory.Answer(attempt, refused, "no");
        };
        var exchange = bench.Request(method);

        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(1));

        Assert.Equal(status, exchange.Answer.Status);
    }

    [Fact]
    public async Task A_refusal_passes_through_when_there_is_nowhere_else()
    {
        await using var bench = new ForwardingBench();
        var only = bench.Admit(1, ReplicaInMemory.Answering("busy", 503));
        var exchange = bench.Request();

        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(1));

        Assert.Equal((503, "busy", 1), (exchange.Answer.Status, await exchange.TextAsync(), only.Attempts));
    }
}
