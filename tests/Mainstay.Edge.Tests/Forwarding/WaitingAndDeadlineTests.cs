using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding;

public sealed class WaitingAndDeadlineTests
{
    [Fact]
    public async Task A_request_waits_for_the_first_replica()
    {
        await using var bench = new ForwardingBench();
        var exchange = bench.Request("POST");
        var sending = bench.SendAsync(exchange);
        Assert.Equal(1, bench.Set.Totals.Waiting);
        bench.Admit(1, ReplicaInMemory.Answering("ok"));
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((200, 0L), (exchange.Answer.Status, bench.Set.Totals.Retries));
    }

    [Fact]
    public async Task Nothing_ready_for_ten_seconds_is_a_503_that_says_when_to_come_back()
    {
        await using var bench = new ForwardingBench();
        var exchange = bench.Request();
        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(10.5));
        Assert.Equal(503, exchange.Answer.Status);
        Assert.Equal("1", exchange.Answer.Headers.Text(HeaderId.RetryAfter));
    }

    [Fact]
    public async Task A_replica_that_died_is_waited_for()
    {
        await using var bench = new ForwardingBench();
        var dead = bench.Admit(1, ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false));
        var exchange = bench.Request("POST");
        var sending = bench.SendAsync(exchange);
        await bench.UntilAsync(Task.WhenAny(sending, ForwardingBench.EventuallyAsync(() => dead.Attempts > 4)), TimeSpan.FromSeconds(9));
        Assert.False(sending.IsCompleted);
        bench.Upstreams.Remove("web", "web-1");
        bench.Admit(2, ReplicaInMemory.Answering("ok"));
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(1));
        Assert.Equal(200, exchange.Answer.Status);
    }

    [Fact]
    public async Task A_service_that_someone_else_runs_and_that_refuses_is_a_502_soon()
    {
        await using var bench = new ForwardingBench();
        var client = ReplicaInMemory.Failing(AttemptFailure.Unconnected, sent: false);
        bench.RunElsewhere((8080, client));
        var exchange = bench.Request();
        await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(2));
        Assert.Equal((502, 3), (exchange.Answer.Status, client.Attempts));
    }

    [Fact]
    public async Task The_deadline_covers_everything_and_ends_in_a_504()
    {
        await using var bench = new ForwardingBench();
        bench.Route = bench.Route with { Timeout = TimeSpan.FromSeconds(3) };
        var silent = bench.Admit(1, ReplicaInMemory.Silent());
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        bench.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(sending.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((504, 1), (exchange.Answer.Status, silent.Attempts));
    }

    [Fact]
    public async Task An_attempt_s_own_timeout_leaves_time_for_another()
    {
        await using var bench = new ForwardingBench();
        bench.Route = bench.Route with { AttemptTimeout = TimeSpan.FromSeconds(1) };
        bench.Admit(1, ReplicaInMemory.Silent());
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        bench.Admit(2, ReplicaInMemory.Answering("ok"));
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(1.2));
        Assert.Equal((200, 1L), (exchange.Answer.Status, bench.Set.Totals.Retries));
    }

    [Fact]
    public async Task What_is_left_of_the_deadline_is_told_to_each_attempt()
    {
        await using var bench = new ForwardingBench();
        bench.Route = bench.Route with { Timeout = TimeSpan.FromSeconds(20), AttemptTimeout = TimeSpan.FromSeconds(5) };
        var told = new List<string>();
        ValueTask Note(Attempt attempt, CancellationToken cancel)
        {
            told.Add(attempt.Request.Headers.Text(HeaderId.MainstayTimeoutMs) + " " + attempt.Request.Headers.Text(HeaderId.GrpcTimeout));
            return told.Count < 4 ? ReplicaInMemory.Hang(attempt, cancel) : ReplicaInMemory.Answer(attempt, 200, "ok");
        }
        bench.Route = bench.Route with { Retries = 5 };
        bench.Admit(1, new ReplicaInMemory(Note));
        var exchange = bench.Request();
        exchange.Request.Headers.Add(HeaderId.GrpcTimeout, "11S");
        var sending = bench.SendAsync(exchange);
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(12));
        Assert.Equal("5000 5000m", told[0]);
        Assert.Equal(3, told.Count);
        Assert.InRange(int.Parse(told[2].Split(' ')[0]), 300, 950);
        Assert.Equal(504, exchange.Answer.Status);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_attempt_at_once()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Silent());
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        exchange.Leave();
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(exchange.IsAborted);
        Assert.Equal(0, bench.Upstreams.Observe("web", "web-1").InFlight);
        var waiting = bench.Request();
        bench.Upstreams.Remove("web", "web-1");
        var wait = bench.SendAsync(waiting);
        waiting.Leave();
        await wait.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, bench.Set.Totals.Waiting);
    }

    [Fact]
    public async Task A_planned_gap_is_not_felt()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("old"));
        using var hold = bench.Upstreams.Hold("web");
        await bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromSeconds(1), default);
        bench.Upstreams.Remove("web", "web-1");
        var exchange = bench.Request("POST");
        var sending = bench.SendAsync(exchange);
        bench.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(sending.IsCompleted);
        bench.Admit(2, ReplicaInMemory.Answering("new"));
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("new", await exchange.TextAsync());
    }

    [Fact]
    public async Task A_silent_replica_is_left_and_its_idempotent_requests_move()
    {
        await using var bench = new ForwardingBench();
        var replicas = Enumerable.Range(1, 3).Select(number => bench.Admit(number, ReplicaInMemory.Answering("ok"))).ToList();
        for (var i = 0; i < 30; i++)
            await bench.SendAsync(bench.Request());
        replicas[0].Script = ReplicaInMemory.Hang;
        var gets = new List<Task>();
        var posts = new List<ForwardedExchange>();
        var exchanges = new List<ForwardedExchange>();
        while (bench.Upstreams.Observe("web", "web-1").InFlight == 0)
        {
            posts.Add(bench.Request("POST"));
            gets.Add(bench.SendAsync(posts[^1]));
        }
        // Three seconds of traffic; the clock is ours.
        for (var step = 0; step < 300; step++)
        {
            var exchange = bench.Request();
            exchanges.Add(exchange);
            gets.Add(bench.SendAsync(exchange));
            if (step < 20)
            {
                posts.Add(bench.Request("POST"));
                gets.Add(bench.SendAsync(posts[^1]));
            }
            bench.Time.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.True(bench.Upstreams.Observe("web", "web-1").Ejected);
        await ForwardingBench.EventuallyAsync(() => exchanges.All(exchange => exchange.IsComplete));
        Assert.All(exchanges, exchange => Assert.Equal(200, exchange.Answer.Status));
        // From now on nobody waits longer than a second, not even the trial.
        for (var step = 0; step < 1000; step++)
        {
            var exchange = bench.Request();
            var sending = bench.SendAsync(exchange);
            await bench.UntilAsync(sending, TimeSpan.FromSeconds(0.95));
            Assert.Equal(200, exchange.Answer.Status);
            bench.Time.Advance(TimeSpan.FromMilliseconds(20));
        }
        Assert.InRange(bench.Set.Totals.Retries, 1, 60);
        // A post that was on it is not repeated: its deadline ends it.
        await bench.UntilAsync(Task.WhenAll(gets), TimeSpan.FromSeconds(40));
        Assert.All(posts, post => Assert.True(post.Answer.Status is 200 or 504));
        Assert.Contains(posts, post => post.Answer.Status == 504);
    }

    [Fact]
    public async Task A_slow_route_on_a_replica_that_answers_others_is_not_silence()
    {
        await using var bench = new ForwardingBench();
        var slow = new TaskCompletionSource();
        async ValueTask Script(Attempt attempt, CancellationToken cancel)
        {
            if (attempt.Request.Target == "/slow")
                await slow.Task.WaitAsync(cancel);
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        }
        bench.Admit(1, new ReplicaInMemory(Script));
        bench.Admit(2, new ReplicaInMemory(Script));
        var exchange = bench.Request();
        exchange.Request.Target = "/slow";
        var sending = bench.SendAsync(exchange);
        for (var step = 0; step < 300; step++)
        {
            await bench.SendAsync(bench.Request());
            await bench.SendAsync(bench.Request());
            bench.Time.Advance(TimeSpan.FromMilliseconds(10));
        }
        slow.SetResult();
        await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((200, 0L), (exchange.Answer.Status, bench.Set.Totals.Retries));
    }

    [Fact]
    public async Task A_client_s_broken_body_is_its_own_fault()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory(async (attempt, cancel) =>
        {
            try
            {
                await ReplicaInMemory.ReadAsync(attempt.Body!, cancel);
            }
            catch (IOException)
            {
                attempt.Sent = true;
                attempt.Failure = AttemptFailure.ClientBody;
            }
        }));
        foreach (var (error, status) in new[] { (new IOException("gone"), 400), (new BodyTooLargeException(5), 413) })
        {
            var exchange = bench.Request("PUT", hasBody: true);
            await exchange.ClientBody.WriteAsync(Encoding.ASCII.GetBytes("part"));
            exchange.ClientBody.Complete(error);
            await bench.SendAsync(exchange).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(status, exchange.Answer.Status);
        }
        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
    }
}
