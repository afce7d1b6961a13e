using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;
using static Mainstay.Resilience.Tests.Fakes.SimulatedService;

namespace Mainstay.Resilience.Tests.Simulations;

/// <summary>What happens to services on an ordinary day, and is no overload: nobody is refused.</summary>
public sealed class HealthyDayTests(ITestOutputHelper output)
{
    private const int Places = 32;
    private const double Seconds = 0.02;
    private const double Capacity = Places / (Seconds + Way);

    private readonly VirtualTime _time = new();

    /// <summary>An event loop: a stream costs nothing once it has begun, and its place at the gate is free.</summary>
    [Fact]
    public void Thousands_of_streams_that_go_on_after_their_answer_has_begun()
    {
        var scene = New(out _);
        scene.Edge.Offer(_ => 0.5 * Capacity, 60, scene.Route);
        scene.Edge.Offer(now => now is >= 10 and < 20 ? 400 : 5, 60, scene.Gate.AddRoute("/events"));
        AssertNobodyIsRefused(scene, 65);
    }

    /// <summary>A thread for each request: the gate does not see what the streams hold of the service.</summary>
    [Fact]
    public void Streams_that_each_keep_a_thread_of_the_service()
    {
        var scene = New(out var service);
        service.Holds = factor => factor > 1 ? 30 : 0;
        var streams = scene.Gate.AddRoute("/events");
        for (var stream = 0; stream < 20; stream++)
            _time.After(5 + stream, () => scene.Edge.Send(streams, factor: 1.001));
        scene.Edge.Offer(_ => 0.3 * Capacity, 80, scene.Route);
        AssertNobodyIsRefused(scene, 85);
    }

    [Theory]
    [InlineData(0.04)]
    [InlineData(0.3)]
    public void A_cold_start_that_takes_three_seconds(double load)
    {
        var scene = New(out var service);
        service.Slowness = 20;
        _time.After(3, () => service.Slowness = 1);
        scene.Edge.Offer(_ => load * Capacity, 30, scene.Route);
        AssertNobodyIsRefused(scene, 40);
    }

    [Fact]
    public void What_a_clock_sends_at_once()
    {
        var scene = New(out _);
        for (var at = 10; at < 120; at += 20)
            _time.After(at, () => { for (var i = 0; i < 0.4 * Capacity; i++) scene.Edge.Send(scene.Route); });
        scene.Edge.Offer(_ => 0.4 * Capacity, 120, scene.Route);
        AssertNobodyIsRefused(scene, 125);
    }

    [Fact]
    public void A_single_request_after_minutes_of_nothing()
    {
        var scene = New(out _);
        scene.Edge.Offer(now => now < 20 ? 0.9 * Capacity : 0, 20, scene.Route);
        for (var at = 120; at < 1000; at += 100)
            _time.After(at, () => scene.Edge.Send(scene.Route));
        AssertNobodyIsRefused(scene, 1000);
        Assert.All(scene.Edge.Good.Where(good => good.At > 100), good => Assert.True(good.Latency < 0.03));
    }

    [Fact]
    public void A_sawtooth_up_to_nine_tenths()
    {
        var scene = New(out _);
        scene.Edge.Offer(now => 0.9 * Capacity * (now % 20 / 20), 200, scene.Route);
        AssertNobodyIsRefused(scene, 205);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void Pauses_of_three_hundred_milliseconds_every_five_seconds(double load)
    {
        var scene = New(out var service);
        for (var at = 5; at < 120; at += 5)
            _time.After(at, () => service.StalledUntil = _time.Now + 0.3);
        scene.Edge.Offer(_ => load * Capacity, 120, scene.Route);
        AssertNobodyIsRefused(scene, 125);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void A_replica_that_is_exchanged_within_a_second(double load)
    {
        var scene = New(out var service);
        _time.After(30, () => service.StalledUntil = 31);
        scene.Edge.Offer(_ => load * Capacity, 60, scene.Route);
        AssertNobodyIsRefused(scene, 65);
    }

    [Fact]
    public void One_slow_route_among_fast_ones_with_few_places()
    {
        var scene = New(out _);
        scene.Edge.Offer(_ => 0.3 * Capacity, 60, scene.Route);
        scene.Edge.Offer(_ => 0.3 * Capacity / 50, 60, scene.Gate.AddRoute("/report"), factor: 50);
        AssertNobodyIsRefused(scene, 70);
    }

    /// <summary>Each client that leaves is counted as work that may still go on; that must not add up to an overload.</summary>
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.04)]
    public void Clients_that_leave_before_they_are_answered(double patience)
    {
        var scene = new Scene(_time, new SimulatedService(_time, Places, About(Seconds, new Dice(61))), seed: 62);
        scene.Edge.Offer(_ => 0.5 * Capacity, 60, scene.Route);
        scene.Edge.Patience = patience;
        scene.Run(65);
        output.WriteLine($"{scene}; {scene.Gate.State(65)}");
        Assert.Empty(scene.Edge.Refused);
        Assert.True(scene.Edge.Good.Count >= (1 - Math.Exp(-patience / Seconds) - 0.05) * scene.Edge.Offered);
    }

    private Scene New(out SimulatedService service)
    {
        service = new SimulatedService(_time, Places, Always(Seconds));
        return new Scene(_time, service, seed: 63) { Edge = { Patience = 40 } };
    }

    private void AssertNobodyIsRefused(Scene scene, double until)
    {
        scene.Run(until);
        output.WriteLine($"{scene}; slowest {scene.Edge.Good.Max(good => good.Latency):0.00} s; {scene.Gate.State(until)}");
        Assert.Empty(scene.Edge.Refused);
        Assert.Equal(scene.Edge.Offered, scene.Edge.Good.Count);
    }
}
