using Mainstay.Edge.Balancing;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

/// <summary>Hedged requests do not stay long where nothing answers, so nothing is left waiting there; its silence must be noticed all the same.</summary>
public sealed class SilenceBesideHedgesTests
{
    [Fact]
    public async Task A_silent_replica_is_ejected_although_every_request_there_is_overtaken()
    {
        await using var bench = new ForwardingBench();
        async ValueTask Answer(Attempt attempt, CancellationToken cancel)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.02), bench.Clock, cancel);
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        }
        var replicas = Enumerable.Range(1, 2).Select(number => bench.Admit(number, new ReplicaInMemory(Answer))).ToList();
        bench.HedgeAfter(0.02);
        for (var i = 0; i < 30; i++)
            await bench.UntilAsync(bench.SendAsync(bench.Request()), TimeSpan.FromSeconds(1));
        replicas[0].Script = ReplicaInMemory.Hang;

        var slowest = TimeSpan.Zero;
        for (var step = 0; step < 1000 && !bench.Upstreams.Observe("web", "web-1").Ejected; step++)
        {
            bench.Hedge!.Record(0.02, bench.Clock.Seconds());
            var exchange = bench.Request();
            var sent = bench.Clock.GetTimestamp();
            await bench.UntilAsync(bench.SendAsync(exchange), TimeSpan.FromSeconds(2));
            Assert.Equal(200, exchange.Answer.Status);
            var took = bench.Clock.GetElapsedTime(sent);
            slowest = took > slowest ? took : slowest;
            bench.Time.Advance(TimeSpan.FromMilliseconds(200)); // 5/s: the budget pays for a hedge of each
        }

        var one = bench.Upstreams.Observe("web", "web-1");
        Assert.True(one.Ejected, $"{one}, {bench.Hedge!.Status(bench.Clock.Seconds())}");
        Assert.Equal("silent while its peers answer", one.EjectedBecause);
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"{slowest}");
        Assert.InRange(bench.Hedge!.Status(bench.Clock.Seconds()).Made, 3, 12);
    }

    [Fact]
    public async Task A_replica_that_is_overtaken_now_and_then_is_not_suspected()
    {
        await using var pair = new HedgedPair(HedgedPair.Hang(), HedgedPair.Answer("ok"));
        await pair.SendAsync();
        pair.Bench.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.All(pair.Bench.Set.Serving.ToArray(), replica => Assert.False(replica.NeedsProbe));
        Assert.All(pair.Bench.Set.Serving.ToArray(), replica => Assert.Equal(double.PositiveInfinity, replica.OvertakenSince));
    }
}
