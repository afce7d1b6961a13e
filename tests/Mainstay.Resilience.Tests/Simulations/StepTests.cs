using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;
using static Mainstay.Resilience.Tests.Fakes.SimulatedService;

namespace Mainstay.Resilience.Tests.Simulations;

/// <summary>What a service can do changes while more is asked of it than it can do: its goodput follows.</summary>
public sealed class StepTests(ITestOutputHelper output)
{
    private const double Seconds = 0.02;
    private const double Step = 30;
    private const double Until = 60;

    public static TheoryData<bool, double> Capacities => new()
    {
        { false, 0.5 },
        { false, 2 },
        { true, 0.5 },
        { true, 2 },
    };

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Capacity(bool isShared, double factor)
    {
        var (scene, change) = New(isShared, places: 8);
        scene.Edge.Offer(_ => 5 * 8 / Seconds, Until, scene.Route);
        scene.Time.After(Step, () => change(8 * factor));
        scene.Run(Until);
        AssertFollows(scene, 8 / Seconds, 8 * factor / Seconds, least: 0.9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Capacity_for_a_minute_and_back(bool isShared)
    {
        var (scene, change) = New(isShared, places: 8);
        scene.Edge.Offer(_ => 0.8 * 8 / Seconds, 120, scene.Route);
        scene.Time.After(30, () => change(4));
        scene.Time.After(90, () => change(8));
        scene.Run(120);
        var during = scene.Edge.GoodPerSecond(35, 90) / (4 / Seconds);
        var after = scene.GoodAgainAfter(90, 119, 0.95 * 0.8 * 8 / Seconds);
        output.WriteLine($"{scene}; while halved {during:P1} of what is left, p50 {scene.Median(35, 90) * 1000:0} ms; goodput is back {after:0.0} s after the capacity, the last refusal {scene.WellAfter(90, 119, slow: 0.5):0.0} s; {scene.Gate.State(120)}");
        Assert.Equal(0, scene.Edge.Refused.Count(refused => refused.At < 30));
        Assert.True(during >= 0.9, $"{during}");
        // A minute of overload has taught it to try more only now and then.
        Assert.True(after <= 12, $"{after}");
        Assert.Equal(0, scene.Edge.Refused.Count(refused => refused.At > 90 + 20));
    }

    /// <summary>From nothing to ten times its capacity: what the first seconds cost is printed, that it ends is promised.</summary>
    [Theory]
    [InlineData(1, 0.02)]
    [InlineData(4, 0.02)]
    [InlineData(16, 0.2)]
    [InlineData(64, 0.05)]
    public void Load_from_nothing(int places, double seconds)
    {
        var time = new VirtualTime();
        var scene = new Scene(time, new SimulatedService(time, places, Always(seconds)), seed: 34);
        var capacity = places / (seconds + Way);
        scene.Edge.Offer(_ => 10 * capacity, 30, scene.Route);
        scene.Run(30);
        var barren = Enumerable.Range(0, 40).Count(quarter => scene.Edge.GoodPerSecond(quarter * 0.25, (quarter + 1) * 0.25) < 0.1 * capacity) * 0.25;
        output.WriteLine($"{scene}; of capacity {scene.Edge.GoodPerSecond(0, 5) / capacity:P0} in the first five seconds, then {scene.Edge.GoodPerSecond(5, 10) / capacity:P0} and {scene.Edge.GoodPerSecond(10, 30) / capacity:P0}; hardly anything for {barren:0.0} s");
        Assert.True(scene.Edge.GoodPerSecond(0, 10) >= 0.35 * capacity);
        Assert.True(scene.Edge.GoodPerSecond(10, 30) >= 0.9 * capacity);
    }

    [Fact]
    public void Latency_by_three()
    {
        var time = new VirtualTime();
        var service = new SimulatedService(time, 8, About(Seconds, new Dice(3)));
        var scene = new Scene(time, service, seed: 31);
        scene.Edge.Offer(_ => 3 * 8 / Seconds, Until, scene.Route);
        time.After(Step, () => service.Slowness = 3);
        scene.Run(Until);
        AssertFollows(scene, 8 / (Seconds + Way), 8 / ((3 * Seconds) + Way), least: 0.9);
    }

    /// <summary>A service that gets slower and has room enough is not overloaded.</summary>
    [Fact]
    public void Latency_by_three_with_room_costs_nobody_an_answer()
    {
        var time = new VirtualTime();
        var service = new SimulatedService(time, 200, About(0.05, new Dice(4)));
        var scene = new Scene(time, service, seed: 32);
        scene.Edge.Patience = 10;
        scene.Edge.Offer(_ => 600, Until, scene.Route);
        time.After(Step, () => service.Slowness = 3);
        scene.Run(Until + 5);
        output.WriteLine($"{scene}; then p50 {scene.Median(Step + 1, Until) * 1000:0} ms; {scene.Gate.State(Until)}");
        Assert.Empty(scene.Edge.Refused);
        Assert.Equal(scene.Edge.Offered, scene.Edge.Good.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bursts_of_two_seconds_at_five_times_its_capacity(bool isShared)
    {
        var (scene, _) = New(isShared, places: 8);
        scene.Edge.Offer(now => 8 / Seconds * (now % 15 is >= 10 and < 12 ? 5 : 0.5), 90, scene.Route);
        scene.Run(90);
        var bursts = Enumerable.Range(0, 5).Select(burst => 10 + (burst * 15)).ToArray();
        var during = bursts.Select(burst => scene.Edge.GoodPerSecond(burst, burst + 2) / (8 / Seconds)).ToArray();
        var after = bursts.Max(burst => scene.GoodAgainAfter(burst + 2, burst + 15, 0.85 * 0.5 * 8 / Seconds));
        var lost = bursts.Sum(burst => scene.Edge.Refused.Count(refused => refused.At > burst + 5 && refused.At < burst + 15)) / (50 * 0.5 * 8 / Seconds);
        output.WriteLine($"{scene}; in bursts {during.Average():P1} of capacity, at least {during.Min():P1}; good again after {after:0.00} s; from three seconds after a burst on {lost:P2} refused");
        Assert.True(during.Average() >= 0.6);
        Assert.True(after <= 1, $"{after}");
        Assert.True(lost <= 0.05, $"{lost}");
    }

    private static (Scene Scene, Action<double> Change) New(bool isShared, int places)
    {
        var time = new VirtualTime();
        if (isShared)
        {
            var processor = new SharedProcessor(time, places, Always(Seconds));
            return (new Scene(time, processor, seed: 33), to => processor.Cores = to);
        }
        var service = new SimulatedService(time, places, Always(Seconds));
        return (new Scene(time, service, seed: 33), to => service.Places = (int)to);
    }

    private void AssertFollows(Scene scene, double before, double after, double least)
    {
        var again = scene.GoodAgainAfter(Step, Until, least * after);
        output.WriteLine($"{scene}; before {scene.Edge.GoodPerSecond(5, Step) / before:P1} of capacity, then {scene.Edge.GoodPerSecond(Step + 5, Until) / after:P1}, p50 {scene.Median(5, Step) * 1000:0} and {scene.Median(Step + 5, Until) * 1000:0} ms; follows after {again:0.0} s; {scene.Gate.State(Until)}");
        Assert.True(scene.Edge.GoodPerSecond(5, Step) >= least * before);
        Assert.True(scene.Edge.GoodPerSecond(Step + 15, Until) >= least * after);
        Assert.True(again <= 15, $"{again}"); // while nothing new is found, more is tried every eight seconds
    }
}
