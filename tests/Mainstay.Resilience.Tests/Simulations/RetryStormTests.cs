using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;
using static Mainstay.Resilience.Tests.Fakes.SimulatedService;

namespace Mainstay.Resilience.Tests.Simulations;

/// <summary>Whoever retries three times at once, at a fleet at 90 % of what it can do, of which everything fails for ten seconds.</summary>
public sealed class RetryStormTests(ITestOutputHelper output)
{
    private const double Capacity = 4 * 8 / (0.02 + Way);
    private const double Begin = 20;
    private const double End = 30;

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Attempts_stay_within_a_fifth_more_than_requests(double failing)
    {
        var (scene, fleet) = Run(failing, isBudgeted: true);
        var (_, unlimited) = Run(failing, isBudgeted: false);
        var most = MostPerRequest(scene, fleet, out var floor);
        var after = scene.WellAfter(End, 58, slow: 0.5);
        output.WriteLine($"{scene}; at most {most:0.000} attempts per request in ten seconds (with the floor {floor:0.000} are allowed), without a budget {MostPerRequest(scene, unlimited, out _):0.00}; well {after:0.0} s after");
        Assert.True(most <= floor, $"{most}");
        Assert.True(MostPerRequest(scene, unlimited, out _) > (failing < 0.5 ? 1.22 : 1.7));
        Assert.True(after <= 2, $"{after}");
    }

    /// <summary>What clients do outside the edge no budget of the edge can hold back; what reaches the service, the gate does.</summary>
    [Fact]
    public void Clients_that_storm_do_not_get_more_work_to_the_service_than_it_can_do()
    {
        var time = new VirtualTime();
        var service = new SimulatedService(time, 8, Always(0.02));
        var scene = new Scene(time, service, seed: 52);
        scene.Edge.TriesAgain = 3;
        var backlog = 0;
        for (var at = 0.0; at < 60; at += 0.01)
            time.After(at, () => backlog = Math.Max(backlog, time.Now > 25 ? service.Backlog : 0));
        scene.Edge.Offer(_ => 0.9 * 8 / 0.0203, 60, scene.Route);
        time.After(20, () => service.StalledUntil = 23);
        scene.Run(60);
        var after = scene.GoodAgainAfter(23, 59, 0.95 * 0.9 * 8 / 0.0203);
        output.WriteLine($"{scene}; goodput is back {after:0.0} s after the service, the last refusal {scene.WellAfter(23, 59, slow: 0.5):0.0} s; at most {backlog} at the service two seconds later");
        Assert.True(after <= 12, $"{after}");
        Assert.True(backlog <= 100, $"{backlog}");
    }

    private static (Scene Scene, SimulatedFleet Fleet) Run(double failing, bool isBudgeted)
    {
        var time = new VirtualTime();
        var dice = new Dice(51);
        var replicas = Enumerable.Range(0, 4).Select(_ => new SimulatedReplica(time, dice, new SimulatedService(time, 8, Always(0.02)))).ToArray();
        var fleet = new SimulatedFleet(time, dice, replicas) { MostRetries = 3 };
        if (!isBudgeted)
            fleet.Budget = null;
        var scene = new Scene(time, fleet, seed: 53);
        scene.Edge.Offer(_ => 0.9 * Capacity, 60, scene.Route);
        time.After(Begin, () => Array.ForEach(replicas, replica => replica.FailingShare = failing));
        time.After(End, () => Array.ForEach(replicas, replica => replica.FailingShare = 0));
        scene.Run(60);
        return (scene, fleet);
    }

    /// <param name="scene">Who asked.</param>
    /// <param name="fleet">What it made of it.</param>
    /// <param name="allowed">A fifth, and the ten that even a quiet service may make.</param>
    private static double MostPerRequest(Scene scene, SimulatedFleet fleet, out double allowed)
    {
        var requests = (End - Begin) * 0.9 * Capacity;
        allowed = 1.2 + (2 * 10 / requests) + 0.02; // by chance more came just then
        return Enumerable.Range((int)Begin - 5, 20).Max(from => fleet.Attempts.Count(at => at >= from && at < from + 10)) / requests;
    }
}
