using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>Any service, behind a gate or none, and what its clients see of it.</summary>
internal sealed class Scene
{
    public Scene(VirtualTime time, ISimulatedService service, int seed, bool isGated = true)
    {
        Time = time;
        Gate = AdmissionGate.Adaptive();
        Edge = new(time, isGated ? Gate : null, service, new Dice(seed));
        Route = Gate.AddRoute("/**");
    }

    public VirtualTime Time { get; }

    /// <summary>Not asked by anybody if there is none.</summary>
    public AdmissionGate Gate { get; }

    public SimulatedEdge Edge { get; }

    public RouteShare Route { get; }

    /// <summary>The gate at the end of each second, or as often as was said.</summary>
    public List<GateState> Course { get; } = [];

    public void Run(double until, double every = 1)
    {
        for (var look = 1; look * every <= until; look++)
        {
            var at = look * every;
            Time.After(at, () => Course.Add(Gate.State(at)));
        }
        Edge.Tick(until);
        Time.RunUntil(until);
    }

    /// <summary>Seconds after a moment until the last client was refused, failed, left alone, or served later than that.</summary>
    public double WellAfter(double moment, double until, double slow) => Edge.Refused.Select(refused => refused.At)
        .Concat(Edge.Failed).Concat(Edge.GivenUp).Concat(Edge.Good.Where(good => good.Latency > slow).Select(good => good.At))
        .Where(at => at > moment && at <= until).DefaultIfEmpty(moment).Max() - moment;

    /// <summary>Seconds after a moment until three seconds begin that have so many good answers.</summary>
    public double GoodAgainAfter(double moment, double until, double leastPerSecond)
    {
        for (var from = moment; from + 3 <= until; from += 0.25)
        {
            if (Edge.GoodPerSecond(from, from + 3) >= leastPerSecond)
                return from - moment;
        }
        return double.PositiveInfinity;
    }

    /// <summary>In seconds, between two moments.</summary>
    public double Median(double from, double to) => SimulatedEdge.Median(Edge.Good.Where(good => good.At >= from && good.At < to).Select(good => good.Latency));

    public override string ToString() =>
        $"{Edge.Offered} offered, {Edge.Good.Count} good, {Edge.Refused.Count} refused, {Edge.Failed.Count} failed, {Edge.GaveUp} given up, {Edge.Attempts} attempts, p50 {Median(0, double.MaxValue) * 1000:0} ms";
}
