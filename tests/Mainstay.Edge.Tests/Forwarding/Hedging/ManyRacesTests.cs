using Mainstay.Edge.Balancing;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

public sealed class ManyRacesTests
{
    [Fact]
    public async Task Nothing_is_lost_mixed_up_or_left_over_when_many_requests_race_and_clients_leave()
    {
        var held = 0;
        var chance = new Random(7);
        var turn = 0;
        int Draw(int below)
        {
            lock (chance)
                return chance.Next(below);
        }
        var holding = new Counting(() => Interlocked.Decrement(ref held));
        async ValueTask Script(Attempt attempt, CancellationToken cancel)
        {
            var echo = attempt.Request.Target + (attempt.Body is null ? "" : " " + await ReplicaInMemory.ReadAsync(attempt.Body, cancel));
            attempt.Sent = true;
            var kind = Interlocked.Increment(ref turn) % 20;
            if (kind < 10)
                await Task.Delay(TimeSpan.FromMilliseconds(Draw(20) + 1), TimeProvider.System, cancel);
            if (kind is 5 or 15)
                attempt.Failure = AttemptFailure.Unanswered;
            else
                await ReplicaInMemory.Answer(attempt, kind is 6 ? 503 : 200, echo);
            if (attempt.Failure != AttemptFailure.None)
                return;
            Interlocked.Increment(ref held);
            attempt.Resources = holding;
        }
        await using var bench = new ForwardingBench(TimeProvider.System);
        bench.Route = bench.Route with { Timeout = TimeSpan.FromSeconds(10), Retries = 10 };
        for (var number = 1; number <= 3; number++)
            bench.Admit(number, new ReplicaInMemory(Script));
        var hedge = bench.HedgeAfter(0.004);
        var answered = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                for (var sample = 0; sample < 20; sample++)
                    hedge.Record(0.004, bench.Clock.Seconds()); // however busy the machine is, most are said to be quick
                var hasBody = i % 3 == 0;
                using var exchange = bench.Request(hasBody ? "PUT" : "GET", hasBody);
                exchange.Request.Target = $"/{client}/{i}";
                if (hasBody)
                {
                    await exchange.ClientBody.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"body {client} {i}"));
                    await exchange.ClientBody.CompleteAsync();
                }
                var sending = bench.SendAsync(exchange);
                if (i % 10 == 9)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Draw(12)), TimeProvider.System, CancellationToken.None);
                    exchange.Leave();
                }
                try
                {
                    await sending.WaitAsync(TimeSpan.FromSeconds(20));
                }
                catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
                {
                    continue; // it left in the middle of its answer
                }
                if (exchange.IsAborted)
                    continue;
                if (exchange.Answer.Status == 200)
                {
                    Assert.Equal($"/{client}/{i}" + (hasBody ? $" body {client} {i}" : ""), await exchange.TextAsync());
                    Interlocked.Increment(ref answered);
                }
                else
                {
                    Assert.True(exchange.Answer.Status is 502 or 503, $"{exchange.Answer.Status}");
                }
            }
        })));

        var made = hedge.Status(bench.Clock.Seconds()).Made;
        Assert.Equal(0, held);
        Assert.All(Enumerable.Range(1, 3), number => Assert.Equal(0, bench.Upstreams.Observe("web", $"web-{number}").InFlight));
        Assert.True(answered > 500 && made > 20, $"{answered} answered, {made} hedged");
    }

    private sealed class Counting(Action released) : IAttemptResources
    {
        public ValueTask ReleaseAsync(Attempt attempt)
        {
            released();
            return ValueTask.CompletedTask;
        }
    }
}
