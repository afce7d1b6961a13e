using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;
using static Mainstay.Resilience.Tests.Fakes.SimulatedService;

namespace Mainstay.Resilience.Tests.Simulations;

/// <summary>Several replicas behind the balancer, of which one is not well.</summary>
public sealed class FleetTests(ITestOutputHelper output)
{
    private const int Places = 8;
    private const double Seconds = 0.02;
    private const double Each = Places / (Seconds + Way);

    private readonly VirtualTime _time = new();

    [Fact]
    public void A_replica_that_comes_and_goes_costs_hardly_anybody_an_answer()
    {
        var (scene, fleet) = New(3);
        scene.Edge.Offer(_ => 1.2 * Each, 120, scene.Route);
        var flapping = fleet.Replicas[0];
        for (var down = 5; down < 110; down += 8)
        {
            _time.After(down, () => flapping.Crash(isKnown: false));
            _time.After(down + 3, () => flapping.Return(NewService(), isKnown: false));
        }
        scene.Run(122);
        var served = scene.Edge.Good.Count / (double)scene.Edge.Offered;
        output.WriteLine($"{scene}; served {served:P3}; the flapping one ejected {flapping.Ejected} times, {flapping.Attempts.Count} attempts of {fleet.Attempts.Count}");
        Assert.True(served >= 0.999, $"{served:P3}");
        Assert.Equal(0, fleet.Replicas[1].Ejected + fleet.Replicas[2].Ejected);
        // What its failures cost it in the balancer's eyes fades slowly, so it gets far less than a third.
        Assert.True(flapping.Attempts.Count < 0.25 * fleet.Attempts.Count);
    }

    [Fact]
    public void A_replica_that_fails_half_of_its_requests_is_taken_out()
    {
        var (scene, fleet) = New(3);
        scene.Edge.Offer(_ => 1.2 * Each, 120, scene.Route);
        _time.After(20, () => fleet.Replicas[0].FailingShare = 0.5);
        _time.After(40, () => fleet.Replicas[0].FailingShare = 0);
        scene.Run(122);
        var during = fleet.Replicas[0].Attempts.Count(at => at is >= 22 and < 40);
        var back = Share(fleet, 0, 100, 120);
        output.WriteLine($"{scene}; {during} attempts while it failed, then {back:P1} of all, {Share(fleet, 0, 41, 60):P1} at first; ejected {fleet.Replicas[0].Ejected} times");
        Assert.True(scene.Edge.Good.Count >= 0.999 * scene.Edge.Offered);
        Assert.True(during < 60);
        Assert.True(back > 0.2);
    }

    [Fact]
    public void A_single_failure_is_forgotten_within_a_minute()
    {
        var (scene, fleet) = New(3);
        scene.Edge.Offer(_ => 1.2 * Each, 120, scene.Route);
        _time.After(20, () => fleet.Replicas[0].FailsNext = 1);
        scene.Run(122);
        var seconds = Enumerable.Range(21, 97).First(from => Share(fleet, 0, from, from + 2) > 0.16) - 20;
        output.WriteLine($"{scene}; half of its share again after {seconds} s, then {Share(fleet, 0, 90, 120):P1}");
        Assert.Equal(scene.Edge.Offered, scene.Edge.Good.Count);
        Assert.True(seconds <= 60, $"{seconds}");
    }

    [Fact]
    public void A_replica_that_is_ten_times_slower_gets_little()
    {
        var (scene, fleet) = New(3);
        scene.Edge.Offer(_ => 1.2 * Each, 60, scene.Route);
        _time.After(20, () => ((SimulatedService)fleet.Replicas[0].Service).Slowness = 10);
        scene.Run(62);
        var share = fleet.Replicas[0].Attempts.Count(at => at is >= 25 and < 60) / (double)fleet.Attempts.Count(at => at is >= 25 and < 60);
        var p99 = Quantile(scene, 0.99, 25, 60);
        output.WriteLine($"{scene}; share {share:P1}, p99 {p99 * 1000:0} ms");
        Assert.Empty(scene.Edge.Refused);
        Assert.True(share < 0.15, $"{share:P1}");
        Assert.True(Quantile(scene, 0.9, 25, 60) < 0.1);
    }

    [Fact]
    public void A_cold_replica_ramps_up()
    {
        var (scene, fleet) = New(3);
        scene.Edge.Offer(_ => 1.2 * Each, 60, scene.Route);
        _time.After(20, () => fleet.Replicas[0].Crash(isKnown: true));
        _time.After(25, () =>
        {
            var cold = NewService();
            cold.Slowness = 5;
            fleet.Replicas[0].Return(cold, isKnown: true);
            _time.After(4, () => cold.Slowness = 1);
        });
        scene.Run(62);
        var first = Share(fleet, 0, 25, 27);
        var later = Share(fleet, 0, 45, 60);
        output.WriteLine($"{scene}; {first:P1} of the attempts in its first two seconds, {later:P1} when warm; p99 {Quantile(scene, 0.99, 25, 30) * 1000:0} ms while it was cold");
        Assert.Equal(scene.Edge.Offered, scene.Edge.Good.Count);
        Assert.True(first < 0.15, $"{first:P1}");
        Assert.InRange(later, 0.2, 0.45);
    }

    [Fact]
    public void A_fleet_that_fails_as_a_whole_keeps_all_of_its_replicas()
    {
        var (scene, fleet) = New(4);
        scene.Edge.Offer(_ => 2 * Each, 60, scene.Route);
        _time.After(20, () => Array.ForEach(fleet.Replicas, replica => replica.FailingShare = 0.5));
        _time.After(40, () => Array.ForEach(fleet.Replicas, replica => replica.FailingShare = 0));
        var usable = int.MaxValue;
        for (var at = 1.0; at < 60; at += 0.1)
            _time.After(at, () => usable = Math.Min(usable, fleet.Usable));
        scene.Run(62);
        var after = scene.WellAfter(40, 60, slow: 0.5);
        output.WriteLine($"{scene}; never fewer than {usable} in use; well {after:0.0} s after; {fleet.Attempts.Count(at => at is >= 20 and < 40) / (40 * Each):0.00} attempts per request while it failed");
        Assert.True(usable >= 2);
        Assert.True(after <= 1, $"{after}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Under_overload_a_crash_costs_only_what_the_replica_could_do(int crashes)
    {
        var (scene, fleet) = New(4);
        scene.Edge.Offer(_ => 3 * 4 * Each, 60, scene.Route);
        for (var i = 0; i < crashes; i++)
        {
            var replica = fleet.Replicas[i];
            _time.After(20, () => replica.Crash(isKnown: true));
            _time.After(35, () => replica.Return(NewService(), isKnown: true));
        }
        scene.Run(60);
        var left = 4 - crashes;
        var during = scene.Edge.GoodPerSecond(25, 35) / (left * Each);
        var after = scene.Edge.GoodPerSecond(48, 60) / (4 * Each);
        output.WriteLine($"{scene}; before {scene.Edge.GoodPerSecond(5, 20) / (4 * Each):P1} of capacity, with {left} of 4 {during:P1} of what is left, after {after:P1}; {scene.Gate.State(60)}");
        Assert.True(scene.Edge.GoodPerSecond(5, 20) >= 0.85 * 4 * Each);
        Assert.True(during >= 0.85, $"{during:P1}");
        Assert.True(after >= 0.85, $"{after:P1}");
    }

    private (Scene Scene, SimulatedFleet Fleet) New(int replicas)
    {
        var dice = new Dice(41);
        var fleet = new SimulatedFleet(_time, dice, [.. Enumerable.Range(0, replicas).Select(_ => new SimulatedReplica(_time, dice, NewService()))]);
        return (new Scene(_time, fleet, seed: 42), fleet);
    }

    private SimulatedService NewService() => new(_time, Places, Always(Seconds));

    private static double Share(SimulatedFleet fleet, int replica, double from, double to) =>
        fleet.Replicas[replica].Attempts.Count(at => at >= from && at < to) / (double)fleet.Attempts.Count(at => at >= from && at < to);

    private static double Quantile(Scene scene, double quantile, double from, double to)
    {
        var sorted = scene.Edge.Good.Where(good => good.At >= from && good.At < to).Select(good => good.Latency).Order().ToArray();
        return sorted[(int)(quantile * (sorted.Length - 1))];
    }
}
