namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>An application that begins with every request at once and whose requests share its processors: all get slower together.</summary>
/// <param name="time">The simulation's.</param>
/// <param name="cores">Requests that it works on at full speed.</param>
/// <param name="seconds">Processor time that a request takes.</param>
internal sealed class SharedProcessor(VirtualTime time, double cores, Func<double> seconds) : ISimulatedService
{
    private readonly PriorityQueue<Action<bool>, (double At, long Order)> _jobs = new();
    private double _cores = cores;
    private double _done; // processor time that each job has got since the start
    private double _asOf;
    private long _order;
    private long _turn;

    public double Cores
    {
        get => _cores;
        set
        {
            Pass();
            _cores = value;
            Look();
        }
    }

    /// <summary>Everything takes so many times longer.</summary>
    public double Slowness { get; set; } = 1;

    public int Backlog => _jobs.Count;

    private double Speed => _jobs.Count == 0 ? 0 : Math.Min(1, _cores / _jobs.Count);

    public void Take(Action<bool> done, double factor = 1)
    {
        Pass();
        _jobs.Enqueue(done, (_done + (seconds() * factor * Slowness), _order++));
        Look();
    }

    private void Pass()
    {
        _done += (time.Now - _asOf) * Speed;
        _asOf = time.Now;
    }

    /// <summary>Looks again when the next one is done, unless another comes or goes before.</summary>
    private void Look()
    {
        var turn = ++_turn;
        if (!_jobs.TryPeek(out _, out var next) || Speed <= 0)
            return;
        time.After(Math.Max(0, next.At - _done) / Speed, () =>
        {
            if (turn != _turn)
                return;
            Pass();
            var done = _jobs.Dequeue();
            time.After(SimulatedService.Way, () => done(true));
            Look();
        });
    }
}
