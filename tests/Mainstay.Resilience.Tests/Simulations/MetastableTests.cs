using Mainstay.Resilience.Tests.Fakes;
using static Mainstay.Resilience.Tests.Fakes.SimulatedService;

namespace Mainstay.Resilience.Tests.Simulations;

/// <summary>
/// Metastable failures (Bronson et al. 2021): a trigger that has long gone, and an overload that keeps itself up, since clients who got nothing
/// in time ask again while the service still works on what they asked before.
/// </summary>
public sealed class MetastableTests(ITestOutputHelper output)
{
    private const double Capacity = 8 / (0.02 + Way);
    private const double Begin = 10;
    private const double End = 20;
    private const double Until = 60;

    [Fact]
    public void Without_a_gate_it_never_recovers()
    {
        var scene = Run(isGated: false);
        var good = scene.Edge.GoodPerSecond(Until - 20, Until);
        output.WriteLine($"without: {scene}; before {scene.Edge.GoodPerSecond(1, Begin):0}/s, 20 s after the trigger {good:0}/s");
        Assert.True(scene.Edge.GoodPerSecond(1, Begin) > 0.7 * Capacity);
        Assert.True(good < 0.1 * Capacity, $"{good}");
    }

    [Fact]
    public void With_the_gate_it_recovers_within_three_seconds()
    {
        var scene = Run(isGated: true);
        var after = scene.WellAfter(End, Until - 1, slow: 0.5);
        output.WriteLine($"with: {scene}; during {scene.Edge.GoodPerSecond(Begin + 3, End):0}/s of {Capacity:0}/s, all well {after:0.0} s after the trigger");
        Assert.True(scene.Edge.GoodPerSecond(Begin + 3, End) >= 0.9 * Capacity);
        Assert.True(after <= 3, $"{after}");
    }

    private static Scene Run(bool isGated)
    {
        var time = new VirtualTime();
        var scene = new Scene(time, new SimulatedService(time, 8, Always(0.02)), seed: 21, isGated);
        scene.Edge.TriesAgain = 3;
        scene.Edge.Offer(now => Capacity * (now is >= Begin and < End ? 3 : 0.75), Until, scene.Route);
        scene.Run(Until);
        return scene;
    }
}
