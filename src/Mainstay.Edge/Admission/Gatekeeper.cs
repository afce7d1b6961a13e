using Mainstay.Edge.Balancing;
using Mainstay.Resilience.Limits;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>An admission gate and its clock: as long as somebody waits or something lingers, the gate is looked at every few milliseconds.</summary>
internal sealed class Gatekeeper : IDisposable
{
    /// <summary>Short beside the wait after which an overloaded gate refuses.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    private readonly string _name;
    private readonly EdgeEvents _events;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private int _toldLimit;
    private int _ticking;
    private volatile bool _awake;
    private volatile bool _isOver;
    private bool _hasFailed;
    private bool _wasOverloaded;
    private double _overloadedSince;
    private long _shedBefore;

    /// <param name="gate">The gate.</param>
    /// <param name="name">How events name it: a service, or a route with a limit of its own.</param>
    /// <param name="time">The clock.</param>
    /// <param name="events">Where its changes are told.</param>
    public Gatekeeper(AdmissionGate gate, string name, TimeProvider time, EdgeEvents events)
    {
        Gate = gate;
        _toldLimit = gate.State(time.Seconds()).Limit;
        _name = name;
        _events = events;
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
            var next = Gate.Tick(Now);
            var now = Now;
            var state = Gate.State(now);
            TellOverload(state, now);
            TellLimit(state);
            if (!double.IsPositiveInfinity(next) || _isOver)
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
        catch (Exception error)
        {
            // A timer has no caller: what is thrown here ends the process. The next tick tries again.
            if (!_hasFailed)
                _events.Warn(_name, $"looking at its gate failed: {error.Message}");
            _hasFailed = true;
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }

    private void TellOverload(in GateState state, double now)
    {
        var isOverloaded = state.IsOverloaded;
        if (isOverloaded == _wasOverloaded)
        {
            // What is refused first is refused in the moment in which it turns out to be one.
            if (!isOverloaded)
                _shedBefore = state.Shed;
            return;
        }
        _wasOverloaded = isOverloaded;
        if (isOverloaded)
        {
            _overloadedSince = now;
            var why = state.LastChange is null ? "all that its limit allows are at work" : "no more with more at work";
            _events.Warn(_name, $"overloaded: it completes {state.PerSecond:0} requests/s, {why}; {state.Limit} are let in at once, what is too much is refused");
        }
        else
        {
            _events.Note(_name, $"not overloaded any more, after {now - _overloadedSince:0.0} s; {state.Shed - _shedBefore} requests were refused, the limit is {state.Limit}");
        }
    }

    /// <summary>The trials go on all the time: told is what has come of them.</summary>
    private void TellLimit(in GateState state)
    {
        if (state.LastChange is not { } change || (state.Limit * 2 > _toldLimit && state.Limit < _toldLimit * 2))
            return;
        _events.Note(_name, $"limit {_toldLimit} → {state.Limit}: {Reason(change)}");
        _toldLimit = state.Limit;
    }

    private static string Reason(LimitChange change) => change.Cause switch
    {
        LimitCause.FewerSufficed => $"with fewer at work it completes as much ({change.Before:0} before, {change.After:0} requests/s now)",
        LimitCause.MoreHelped => $"with more at work it completes more ({change.Before:0} before, {change.After:0} requests/s now)",
        LimitCause.GivenUp => "most requests took longer than their clients wait",
        LimitCause.Unused => "so many were not needed for a while",
        LimitCause.Unknown => "requests wait, and nothing is completed by which to judge",
        _ => $"{change.Before:0} requests/s before, {change.After:0} now",
    };
}
