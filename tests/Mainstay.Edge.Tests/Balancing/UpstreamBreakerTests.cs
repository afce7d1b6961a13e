using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Balancing;

public sealed class UpstreamBreakerTests
{
    [Fact]
    public async Task An_address_where_nobody_listens_is_not_asked_again_by_any_request()
    {
        await using var bench = new ForwardingBench();
        var client = ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false);
        bench.RunElsewhere((1, client));
        bench.Route = bench.Route with { Retries = 0 };
        await FailAsync(bench, times: 20);
        Assert.Equal(18, client.Attempts);
        var refused = await AskAsync(bench);
        Assert.True(refused.Answer.Headers.TryGet(HeaderId.RetryAfter, out var comeBackIn));
        Assert.Equal((503, "2"), (refused.Answer.Status, Encoding.ASCII.GetString(comeBackIn)));
        var status = Assert.Single(bench.Upstreams.StaticStatus());
        Assert.Equal("unreachable", status.State);
        Assert.StartsWith("18 connections in a row could not be made; 0 trials failed", status.Reason, StringComparison.Ordinal);
        Assert.Contains("its breaker is open", Assert.Single(bench.Events.Latest).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_trial_closes_it_again()
    {
        await using var bench = new ForwardingBench();
        var client = ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false);
        bench.RunElsewhere((1, client));
        bench.Route = bench.Route with { Retries = 0 };
        await FailAsync(bench, times: 20);
        client.Script = ReplicaInMemory.Answering("ok").Script;
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (await AskAsync(bench)).Answer.Status);
        Assert.Equal(200, (await AskAsync(bench)).Answer.Status);
        Assert.Equal("ready", Assert.Single(bench.Upstreams.StaticStatus()).State);
        Assert.Contains("accepted again", bench.Events.Latest[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_whose_answer_goes_on_closes_it_at_once()
    {
        await using var bench = new ForwardingBench();
        var client = ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false);
        bench.RunElsewhere((1, client));
        bench.Route = bench.Route with { Retries = 0 };
        await FailAsync(bench, times: 20);
        client.Script = async (attempt, _) => await ReplicaInMemory.Stream(attempt, "text/event-stream").Writer.WriteAsync("data: 1\n\n"u8.ToArray(), CancellationToken.None);
        bench.Time.Advance(TimeSpan.FromSeconds(2));

        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        await ForwardingBench.EventuallyAsync(() => exchange.AnswerStarted);

        Assert.Equal("ready", Assert.Single(bench.Upstreams.StaticStatus()).State);
        exchange.Leave();
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("ready", Assert.Single(bench.Upstreams.StaticStatus()).State);
    }

    [Fact]
    public async Task The_others_get_what_an_open_one_does_not()
    {
        await using var bench = new ForwardingBench();
        var dead = ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false);
        var alive = ReplicaInMemory.Answering("ok");
        bench.RunElsewhere((1, dead), (2, alive));
        for (var i = 0; i < 400; i++)
        {
            Assert.Equal(200, (await AskAsync(bench)).Answer.Status);
            bench.Time.Advance(TimeSpan.FromMilliseconds(20));
        }
        Assert.InRange(dead.Attempts, 1, 12);
        Assert.True(alive.Attempts >= 400);
    }

    [Fact]
    public async Task What_breaks_after_it_was_sent_is_the_routes_matter()
    {
        await using var bench = new ForwardingBench();
        var client = ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true);
        bench.RunElsewhere((1, client));
        bench.Route = bench.Route with { Retries = 0 };
        await FailAsync(bench, times: 40);
        Assert.Equal(40, client.Attempts);
    }

    [Fact]
    public async Task A_replica_of_ours_is_the_supervisors_matter()
    {
        await using var bench = new ForwardingBench();
        var client = bench.Admit(1, ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false));
        var asked = bench.SendAsync(bench.Request());
        await bench.UntilAsync(Task.WhenAny(asked, ForwardingBench.EventuallyAsync(() => client.Attempts > 25)), TimeSpan.FromSeconds(30));
        Assert.Null(bench.Set.BarredFor(bench.Time.GetTimestamp()));
    }

    private static async Task FailAsync(ForwardingBench bench, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await AskAsync(bench);
            bench.Time.Advance(TimeSpan.FromMilliseconds(i < 17 ? 180 : 10));
        }
    }

    private static async Task<ForwardedExchange> AskAsync(ForwardingBench bench)
    {
        var exchange = bench.Request();
        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(5));
        return exchange;
    }
}
