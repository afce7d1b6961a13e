using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>One service behind one gate.</summary>
internal sealed class World
{
    /// <summary>Each request takes so long, or as long on average.</summary>
    public World(int places, double seconds, bool byChance, int seed)
        : this(places, byChance ? SimulatedService.About(seconds, new Dice(seed)) : SimulatedService.Always(seconds), seed)
    {
    }

    public World(int places, Func<double> seconds, int seed)
    {
        Gate = AdmissionGate.Adaptive();
        Service = new(Time, places, seconds);
        Edge = new(Time, Gate, Service, new Dice(seed + 1));
        Route = Gate.AddRoute("/**");
    }

    public VirtualTime Time { get; } = new();

    public AdmissionGate Gate { get; }

    public SimulatedService Service { get; }

    public SimulatedEdge Edge { get; }

    public RouteShare Route { get; }

    /// <summary>The limit at the end of each second, and why.</summary>
    public List<GateState> Course { get; } = [];

    public void Run(double until)
    {
        for (var second = 1; second < until; second++)
        {
            var at = second;
            Time.After(at, () => Course.Add(Gate.State(at)));
        }
        Edge.Tick(until);
        Time.RunUntil(until);
    }
}
