using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Simulation;

/// <summary>One service behind one gate.</summary>
internal sealed class World
{
    public World(int places, double seconds, bool byChance, int seed, AdmissionGate? gate = null)
    {
        var dice = new Dice(seed);
        Gate = gate ?? AdmissionGate.Adaptive();
        Service = new(Time, places, byChance ? SimulatedService.About(seconds, dice) : SimulatedService.Always(seconds));
        Edge = new(Time, Gate, Service, dice);
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
