using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Chance;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>One of several that serve the same, and what the balancer knows of it.</summary>
/// <param name="time">The simulation's.</param>
/// <param name="dice">Chance.</param>
/// <param name="service">What it does while it is up.</param>
internal sealed class SimulatedReplica(VirtualTime time, Dice dice, ISimulatedService service)
{
    private const double FailsAfter = 0.001;
    private static readonly SlowStart Ramp = new(TimeSpan.FromSeconds(10));

    private readonly List<Flight> _flights = [];
    private double _admitted = double.NegativeInfinity;

    public PeakEwma Latency { get; private set; } = NewEstimate();

    public EjectionState Ejection { get; } = new(new EjectionPolicy());

    /// <summary>What it is asked next goes there.</summary>
    public ISimulatedService Service { get; set; } = service;

    public int InFlight => _flights.Count;

    /// <summary>When each attempt began.</summary>
    public List<double> Attempts { get; } = [];

    /// <summary>How often it was ejected.</summary>
    public int Ejected { get; set; }

    /// <summary>Part of the traffic of the fleet.</summary>
    public bool IsServing { get; private set; } = true;

    /// <summary>Refuses connections.</summary>
    public bool IsDown { get; private set; }

    /// <summary>This share of its answers are failures, at once.</summary>
    public double FailingShare { get; set; }

    /// <summary>So many of the next answers are failures.</summary>
    public int FailsNext { get; set; }

    public double Weight => Ramp.Weight(time.Now - _admitted);

    public double Cost(SimulatedReplica other) =>
        Math.Max((Latency.HasSamples ? Latency : other.Latency).SecondsAt(time.Now), 0.0001) * (InFlight + 1);

    /// <summary>Dies: what is at work there fails, and so does whatever comes.</summary>
    public void Crash(bool isKnown)
    {
        (IsDown, IsServing) = (true, !isKnown);
        foreach (var flight in _flights.ToArray())
            flight.End(false);
    }

    /// <summary>Is there again, with nothing to do.</summary>
    /// <param name="fresh">What it is from now on.</param>
    /// <param name="isKnown">Somebody has started it and seen it ready: it ramps up, with a clean slate.</param>
    public void Return(ISimulatedService fresh, bool isKnown)
    {
        (IsDown, IsServing, Service) = (false, true, fresh);
        if (!isKnown)
            return;
        _admitted = time.Now;
        Latency = NewEstimate();
        Ejection.Readmit(time.Now);
    }

    public void Take(Action<bool, double> done, double factor)
    {
        Attempts.Add(time.Now);
        var flight = new Flight(this, done);
        _flights.Add(flight);
        var fails = FailsNext > 0;
        FailsNext -= fails ? 1 : 0;
        if (IsDown || fails || dice.Unit() < FailingShare)
            time.After(FailsAfter, () => flight.End(false));
        else
            Service.Take(flight.End, factor);
    }

    private sealed class Flight(SimulatedReplica replica, Action<bool, double> done)
    {
        private readonly double _began = replica.Now;

        public void End(bool isGood)
        {
            if (replica._flights.Remove(this))
                done(isGood, replica.Now - _began);
        }
    }

    private double Now => time.Now;

    private static PeakEwma NewEstimate() => new(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(30));
}
