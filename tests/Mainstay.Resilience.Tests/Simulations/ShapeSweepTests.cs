using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;
using static Mainstay.Resilience.Tests.Fakes.SimulatedService;

namespace Mainstay.Resilience.Tests.Simulations;

/// <summary>
/// Every healthy shape at services of every size. In full (<c>MAINSTAY_FULL=1</c>, a minute) also at loads and of services where requests are
/// known to be refused: then it tells which, and by how many.
/// </summary>
public sealed class ShapeSweepTests(ITestOutputHelper output)
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("MAINSTAY_FULL") == "1";

    private static readonly (int Places, double Seconds, bool ByChance)[] Services =
        [(1, 0.01, true), (4, 0.02, false), (4, 0.02, true), (16, 0.3, true), (32, 0.02, false), (32, 0.02, true), (200, 0.1, false), (200, 0.1, true)];

    private static readonly Dictionary<string, Action<Setting>> Shapes = new()
    {
        ["steady"] = at => at.Offer(at.Load),
        ["sawtooth"] = at => at.Scene.Edge.Offer(now => 1.4 * at.Load * at.Capacity * (now % 20 / 20), 60, at.Scene.Route),
        ["streams come at once"] = at =>
        {
            at.Offer(at.Load);
            at.Scene.Edge.Offer(now => now is >= 10 and < 20 ? 0.2 * at.Capacity : 5, 60, at.Scene.Gate.AddRoute("/events"));
        },
        ["a clock sends 0.4 s of work"] = at =>
        {
            at.Offer(at.Load);
            for (var second = 10; second < 60; second += 20)
                at.Scene.Time.After(second, () => { for (var i = 0; i < 0.4 * at.Capacity; i++) at.Scene.Edge.Send(at.Scene.Route); });
        },
        ["pauses of 0.3 s"] = at =>
        {
            at.Offer(at.Load);
            for (var second = 5; second < 60; second += 5)
                at.Scene.Time.After(second, () => at.Service.StalledUntil = at.Scene.Time.Now + 0.3);
        },
        ["a pause of 1 s"] = at =>
        {
            at.Offer(at.Load);
            at.Scene.Time.After(20, () => at.Service.StalledUntil = 21);
        },
        ["a slow route"] = at =>
        {
            at.Offer(at.Load / 2);
            at.Scene.Edge.Offer(_ => at.Load / 2 * at.Capacity / 50, 60, at.Scene.Gate.AddRoute("/report"), factor: 50);
        },
        ["latency grows to 2.5 times"] = at =>
        {
            at.Offer(at.Load / 2);
            at.Scene.Time.After(20, () => at.Service.Slowness = 2.5);
        },
    };

    private static readonly Dictionary<string, Action<Setting>> HarderShapes = new()
    {
        ["cold, 20 times slower for 3 s"] = at =>
        {
            at.Offer(at.Load);
            at.Service.Slowness = 20;
            at.Scene.Time.After(3, () => at.Service.Slowness = 1);
        },
    };

    [Fact]
    public void Small_services_at_a_third_of_what_they_can_do_refuse_nobody()
    {
        foreach (var (name, shape) in Shapes)
        {
            foreach (var service in Services.Where(service => service.Places <= 32))
                Assert.True(Refused(shape, service, 0.3, seed: 1, out _) == 0, $"{name} at {service}");
        }
        if (IsFull)
            TellAll();
    }

    private void TellAll()
    {
        foreach (var (name, shape) in Shapes.Concat(HarderShapes))
        {
            foreach (var load in (double[])[0.3, 0.5, 0.7])
            {
                foreach (var service in Services)
                    Tell(name, shape, service, load);
            }
        }
    }

    private void Tell(string name, Action<Setting> shape, (int Places, double Seconds, bool ByChance) service, double load)
    {
        int refused = 0, offered = 0, runs = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            var lost = Refused(shape, service, load, seed, out var asked);
            refused += lost;
            offered += asked;
            runs += lost > 0 ? 1 : 0;
        }
        if (refused > 0)
            output.WriteLine($"{name}, load {load:P0}, {service.Places} places of {service.Seconds * 1000:0} ms{(service.ByChance ? " on average" : "")}: {refused} of {offered} refused, in {runs} of 5 runs");
    }

    private static int Refused(Action<Setting> shape, (int Places, double Seconds, bool ByChance) like, double load, int seed, out int offered)
    {
        var time = new VirtualTime();
        var service = new SimulatedService(time, like.Places, like.ByChance ? About(like.Seconds, new Dice(seed + 100)) : Always(like.Seconds));
        var scene = new Scene(time, service, seed) { Edge = { Patience = 60 } };
        shape(new Setting(scene, service, like.Places / (like.Seconds + Way), load));
        scene.Run(75);
        offered = scene.Edge.Offered;
        return scene.Edge.Refused.Count;
    }

    private sealed record Setting(Scene Scene, SimulatedService Service, double Capacity, double Load)
    {
        public void Offer(double load) => Scene.Edge.Offer(_ => load * Capacity, 60, Scene.Route);
    }
}
