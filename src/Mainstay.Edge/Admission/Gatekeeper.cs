using Mainstay.Edge.Balancing;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>An admission gate and its clock: as long as somebody waits or something lingers, the gate is looked at every few milliseconds.</summary>
internal sealed class Gatekeeper : IDisposable
{
    /// <summary>Short beside the wait after which an overloaded gate refuses.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private int _ticking;
    private volatile bool _awake;
    private volatile bool _isOver;

    /// <param name="gate">The gate.</param>
    /// <param name="name">How events name it: a service, or a route with a limit of its own.</param>
    /// <param name="time">The clock.</param>
    /// <param name="events">Where its changes are told.</param>
    public Gatekeeper(AdmissionGate gate, string name, TimeProvider time, EdgeEvents events)
    {
        Gate = gate;
        _time = time;
        _timer = time.CreateTimer(static keeper => ((Gatekeeper)keeper!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public AdmissionGate Gate { get; }

    public double Now => _time.Seconds();

    /// <summary>Somebody waits, or the work of somebody who has gone lingers.</summary>
    public void Wake()
    {
        if (_awake || _isOver)
            return;
        _awake = true;
        _timer.Change(Period, Period);
    }

    public void Dispose()
    {
        _isOver = true;
        _timer.Dispose();
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 1)
            return; // the one before is not done
        try
        {
            if (!double.IsPositiveInfinity(Gate.Tick(Now)) || _isOver)
                return;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _awake = false;
            // Whoever came in between saw us awake.
            if (!double.IsPositiveInfinity(Gate.Tick(Now)))
                Wake();
        }
        catch (ObjectDisposedException)
        {
            // Stopped meanwhile: nobody waits any more.
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }
}
