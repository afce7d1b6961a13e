using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Queues;

/// <summary>Services that are well, whatever their shape: none of their requests is refused.</summary>
public sealed class HealthyShapeTests(ITestOutputHelper output)
{
    private const int Unlimited = 100_000;

    [Fact]
    public void One_route_that_is_quick_or_slow_by_chance()
    {
        var dice = new Dice(1);
        var world = new World(Unlimited, () => dice.Unit() < 0.5 ? 0.001 : 0.8, seed: 2);
        world.Edge.Offer(_ => 100, 120, world.Route);
        AssertAllServed(world, 125, slowest: 8);
    }

    [Fact]
    public void Long_polls_that_come_at_once_beside_quick_requests()
    {
        var world = new World(Unlimited, () => 0.005, seed: 3);
        var polls = world.Gate.AddRoute("/poll");
        for (var poll = 0; poll < 400; poll++)
            world.Time.After(1 + (poll * 0.001), () => world.Edge.Send(polls, factor: 6000));
        world.Edge.Offer(_ => 200, 60, world.Route);
        AssertAllServed(world, 65, slowest: 35);
    }

    [Fact]
    public void One_slow_route_among_fast_ones()
    {
        var world = new World(Unlimited, () => 0.002, seed: 4);
        world.Edge.Offer(_ => 300, 60, world.Route);
        world.Edge.Offer(_ => 60, 60, world.Gate.AddRoute("/report"), factor: 1500);
        AssertAllServed(world, 70, slowest: 7);
    }

    [Fact]
    public void Pauses_for_garbage()
    {
        var world = new World(64, () => 0.02, seed: 5);
        for (var second = 2; second < 60; second += 4)
            world.Time.After(second, () => world.Service.StalledUntil = world.Time.Now + 0.5);
        world.Edge.Offer(_ => 400, 60, world.Route);
        AssertAllServed(world, 65, slowest: 1.5);
    }

    [Fact]
    public void A_cold_start()
    {
        var world = new World(64, () => 0.02, seed: 6);
        world.Service.Slowness = 15;
        world.Time.After(1, () => world.Service.Slowness = 1);
        world.Edge.Offer(_ => 150, 30, world.Route);
        AssertAllServed(world, 35, slowest: 2);
    }

    [Fact]
    public void Bursts_of_a_clock_and_a_sawtooth()
    {
        var world = new World(64, () => 0.05, seed: 7);
        for (var second = 5; second < 60; second += 10)
            world.Time.After(second, () => { for (var i = 0; i < 500; i++) world.Edge.Send(world.Route); });
        world.Edge.Offer(now => 60 * (now % 10), 60, world.Route);
        AssertAllServed(world, 65, slowest: 1.5);
    }

    /// <summary>
    /// Some hang for ten seconds (a replica stands still, a connection is not made): they keep their places, and while a smaller limit is tried out
    /// there may be no others. A burst makes the gate try.
    /// </summary>
    [Theory]
    [InlineData(6)]
    [InlineData(14)]
    [InlineData(24)]
    [InlineData(36)]
    public void Some_that_hang(int hanging)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new World(Unlimited, () => 0.001, seed);
            var reports = world.Gate.AddRoute("/report");
            world.Edge.Offer(_ => 120, 30, world.Route);
            world.Edge.Offer(_ => 120, 30, reports, factor: 200);
            for (var i = 0; i < hanging; i++)
                world.Time.After(10 + (i * 0.02), () => world.Edge.Send(reports, factor: 10_000));
            for (var i = 0; i < 60; i++)
                world.Time.After(10.3, () => world.Edge.Send(reports, factor: 200));
            world.Edge.Patience = 40;
            world.Run(35);
            var slowest = world.Edge.Good.Where(good => good.Latency < 9.9).Max(good => good.Latency);
            output.WriteLine($"{seed}: {world.Edge.Refused.Count} refused, slowest {slowest:0.00} s");
            Assert.Empty(world.Edge.Refused);
            Assert.True(slowest <= 2, $"seed {seed}: {slowest:0.00} s");
        }
    }

    /// <summary>
    /// Clients that send a body slowly keep their places until that is seen; what is completed meanwhile, and when they have lent them, says nothing
    /// about the service: its limit stays.
    /// </summary>
    [Theory]
    [InlineData(60, 0.5)]
    [InlineData(250, 1.3)]
    [InlineData(1000, 3)]
    public void Slow_uploads_that_come_at_once(int uploads, double longest)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new World(Unlimited, () => 0.001, seed);
            var work = world.Gate.AddRoute("/work");
            var slow = world.Gate.AddRoute("/slow");
            world.Edge.Offer(_ => 21, 60, world.Route);
            world.Edge.Offer(_ => 21, 60, work, factor: 20);
            world.Edge.Offer(_ => 42, 60, slow, factor: 400);
            for (var i = 0; i < uploads; i++)
                world.Time.After(10 + (0.5 * i / uploads), () => world.Edge.Upload(slow));
            world.Edge.Patience = 40;
            world.Run(65);
            var slowest = world.Edge.Good.Max(good => good.Latency);
            output.WriteLine($"{seed}: {world.Edge.Refused.Count} refused, slowest {slowest:0.00} s");
            Assert.Empty(world.Edge.Refused);
            Assert.True(slowest <= longest, $"seed {seed}: {slowest:0.00} s");
            Assert.Equal(48, world.Gate.State(65).Limit);
        }
    }

    private void AssertAllServed(World world, double until, double slowest)
    {
        world.Edge.Patience = 40;
        world.Run(until);
        if (world.Edge.Refused.Count > 0)
            output.WriteLine(string.Join(" ", world.Course.Take(40).Select(s => $"{s.Limit}:{s.InFlight}+{s.Queued}{(s.IsOverloaded ? "!" : "")}{s.LastChange!.Value.Cause}{s.LastChange!.Value.Before:0}>{s.LastChange!.Value.After:0}")));
        output.WriteLine($"{world.Edge.Offered} offered, {world.Edge.Good.Count} good, {world.Edge.Refused.Count} refused, p50 {SimulatedEdge.Median(world.Edge.Good.Select(good => good.Latency)) * 1000:0} ms, slowest {world.Edge.Good.Max(good => good.Latency):0.00} s; {world.Gate.State(until)}");
        Assert.Empty(world.Edge.Refused);
        Assert.Equal(world.Edge.Offered, world.Edge.Good.Count);
        Assert.True(world.Edge.Good.Max(good => good.Latency) <= slowest);
    }
}
