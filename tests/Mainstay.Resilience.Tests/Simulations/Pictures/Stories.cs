using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;
using static Mainstay.Resilience.Tests.Fakes.SimulatedService;

namespace Mainstay.Resilience.Tests.Simulations.Pictures;

/// <summary>What the documentation shows: a name, a picture, and the figures that are said beside it.</summary>
internal static class Stories
{
    private const double Seconds = 0.02;

    public static IReadOnlyDictionary<string, Func<(string Svg, string Figures)>> All { get; } = new Dictionary<string, Func<(string, string)>>
    {
        ["overload-ten-times"] = TenTimes,
        ["capacity-halves"] = CapacityHalves,
        ["mild-overload"] = MildOverload,
        ["one-place"] = OnePlace,
        ["metastable"] = Metastable,
        ["healthy-bursts"] = HealthyBursts,
    };

    private static (string, string) TenTimes()
    {
        var capacity = 4 / (Seconds + Way);
        var scene = New(out _, places: 4, byChance: false, seed: 71);
        scene.Edge.Offer(now => capacity * (now is >= 10 and < 50 ? 10 : 0.5), 60, scene.Route);
        var film = Film.Of(scene, 60, 0.5);
        return (Whole("Ten times what a service can do, from 10 s to 50 s", film, 60, _ => capacity),
            $"goodput {scene.Edge.GoodPerSecond(15, 50) / capacity:P0} of capacity from 15 s on, {scene.Edge.GoodPerSecond(10, 15) / capacity:P0} before; p50 {scene.Median(15, 50) * 1000:0} ms; all well {scene.WellAfter(50, 60, 0.25):0.0} s after its end");
    }

    private static (string, string) CapacityHalves()
    {
        var capacity = 8 / (Seconds + Way);
        var scene = New(out var service, places: 8, byChance: true, seed: 72);
        scene.Time.After(30, () => service.Places = 4);
        scene.Edge.Offer(_ => 4 * capacity, 60, scene.Route);
        var film = Film.Of(scene, 60, 0.5);
        return (Whole("Four times what a service can do, which loses half of its places at 30 s", film, 60, at => at < 30 ? capacity : capacity / 2),
            $"goodput {scene.Edge.GoodPerSecond(0, 5) / capacity:P0} in the first five seconds, {scene.Edge.GoodPerSecond(5, 30) / capacity:P0} before, {scene.Edge.GoodPerSecond(35, 60) / capacity * 2:P0} of what is left after; p50 {scene.Median(5, 30) * 1000:0} and {scene.Median(35, 60) * 1000:0} ms");
    }

    private static (string, string) MildOverload()
    {
        var capacity = 4 / (Seconds + Way);
        var scene = New(out _, places: 4, byChance: true, seed: 73);
        scene.Edge.Offer(_ => 1.2 * capacity, 900, scene.Route);
        var film = Film.Of(scene, 900, 6);
        return (Whole("Fifteen minutes of 1.2 times what a service can do", film, 900, _ => capacity),
            $"goodput {scene.Edge.GoodPerSecond(5, 900) / capacity:P0}; limit {film.Limit.Skip(2).Min(point => point.Item2)} to {film.Limit.Skip(2).Max(point => point.Item2)}, {film.Limit.Skip(2).Average(point => point.Item2):0} on average; p50 {scene.Median(5, 900) * 1000:0} ms");
    }

    private static (string, string) OnePlace()
    {
        var capacity = 1 / (Seconds + Way);
        var scene = New(out _, places: 1, byChance: false, seed: 74);
        scene.Edge.Offer(_ => 10 * capacity, 60, scene.Route);
        var film = Film.Of(scene, 60, 0.5);
        return (Whole("Ten times what a service of a single place can do", film, 60, _ => capacity),
            $"goodput {scene.Edge.GoodPerSecond(0, 10) / capacity:P0} in the first ten seconds, then {scene.Edge.GoodPerSecond(10, 60) / capacity:P0}; p50 {scene.Median(20, 60) * 1000:0} ms from 20 s on; limit {scene.Gate.State(60).Limit} in the end");
    }

    private static (string, string) Metastable()
    {
        var capacity = 8 / (Seconds + Way);
        Film Run(bool isGated)
        {
            var scene = New(out _, places: 8, byChance: false, seed: 75, isGated);
            scene.Edge.TriesAgain = 3;
            scene.Edge.Offer(now => capacity * (now is >= 10 and < 20 ? 3 : 0.75), 60, scene.Route);
            return Film.Of(scene, 60, 0.5);
        }
        var (with, without) = (Run(true), Run(false));
        var svg = Picture.Of(
            "An overload that keeps itself up, with and without a gate",
            60,
            new("asked per second, again included", new("without a gate", Ink.Without, without.Asked), new("with", Ink.Good, with.Asked)),
            new("good answers per second", Capacity(_ => capacity, 60), new("without a gate", Ink.Without, without.Good), new("with", Ink.Good, with.Good)),
            new("median latency of good answers, ms", new("without a gate", Ink.Without, without.Latency), new("with", Ink.Good, with.Latency)));
        return (svg, $"with: all well {with.Scene.WellAfter(20, 59, 0.5):0.0} s after the trigger; without: {without.Scene.Edge.GoodPerSecond(40, 60):0} good answers/s half a minute later");
    }

    private static (string, string) HealthyBursts()
    {
        var capacity = 4 / (Seconds + Way);
        var scene = New(out _, places: 4, byChance: true, seed: 76);
        scene.Edge.Patience = 10;
        scene.Edge.Offer(now => capacity * (now % 5 is >= 2 and < 2.25 ? 3 : 0.3), 30, scene.Route);
        var film = Film.Of(scene, 30, 0.25);
        return (Whole("Bursts of a quarter of a second at three times what a service can do", film, 30, _ => capacity),
            $"{scene.Edge.Refused.Count} of {scene.Edge.Offered} refused; slowest {scene.Edge.Good.Max(good => good.Latency):0.00} s, p50 {scene.Median(0, 31) * 1000:0} ms");
    }

    private static string Whole(string title, Film film, double until, Func<double, double> capacity) => Picture.Of(
        title,
        until,
        new("requests per second", new("asked", Ink.Asked, film.Asked), new("refused", Ink.Refused, film.Refused)),
        new("good answers per second", Capacity(capacity, until), new("good", Ink.Good, film.Good)),
        new("limit", new Series("", Ink.Limit, film.Limit)),
        new("median latency of good answers, ms", new Series("", Ink.Latency, film.Latency)));

    private static Series Capacity(Func<double, double> capacity, double until) =>
        new("capacity", Ink.Capacity, [.. Enumerable.Range(0, 121).Select(part => (part * until / 120, capacity(part * until / 120)))]);

    private static Scene New(out SimulatedService service, int places, bool byChance, int seed, bool isGated = true)
    {
        var time = new VirtualTime();
        service = new SimulatedService(time, places, byChance ? About(Seconds, new Dice(seed + 100)) : Always(Seconds));
        return new Scene(time, service, seed, isGated);
    }
}
