namespace Mainstay.Resilience.Balancing;

/// <summary>Why a replica is ejected.</summary>
public enum EjectionCause
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>Too many failures in a row.</summary>
    ConsecutiveFailures,

    /// <summary>Too few successes.</summary>
    SuccessRate,

    /// <summary>Much slower than its peers.</summary>
    Latency,

    /// <summary>Not a byte, while its peers answer.</summary>
    Silence,
}

/// <summary>
/// One replica's ejection (outlier detection, Envoy): what it did, whether it is out, until when, and the single trial that lets it in
/// again. Whether an ejection that it calls for may happen is the fleet's decision. Not thread-safe: the owner's lock covers it.
/// </summary>
public sealed class EjectionState(EjectionPolicy policy)
{
    private readonly SuccessWindow _window = new();
    private int _failuresInARow;
    private int _ejections;
    private double _admitted = double.NegativeInfinity;
    private double _ejected;
    private double _until;
    private bool _onTrial;

    /// <summary>Why it is ejected; <see cref="EjectionCause.None"/> when it is not.</summary>
    public EjectionCause Cause { get; private set; }

    public bool IsEjected => Cause != EjectionCause.None;

    /// <summary>When a trial request may go to it; monotonic seconds.</summary>
    public double Until => _until;

    /// <summary>Share of successes and number of outcomes in the last 10 s.</summary>
    public (double Share, int Samples) Success(double now) => _window.At(now);

    /// <summary>
    /// Notes an outcome; answers what it should be ejected for, if for anything. A success while ejected re-admits; of one that was too slow only that
    /// of its trial: the others are what it was slow at.
    /// </summary>
    /// <param name="success">The outcome.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    /// <param name="ofTrial">Of the trial request.</param>
    public EjectionCause Record(bool success, double now, bool ofTrial = false)
    {
        _window.Record(success, now);
        _failuresInARow = success ? 0 : _failuresInARow + 1;
        if (IsEjected)
        {
            if (success && (ofTrial || Cause != EjectionCause.Latency))
                Readmit(now);
            return EjectionCause.None;
        }
        if (success)
            return EjectionCause.None;
        if (_failuresInARow >= policy.ConsecutiveFailures)
            return EjectionCause.ConsecutiveFailures;
        var (share, samples) = _window.At(now);
        return samples >= policy.Samples && share < policy.LeastSuccess ? EjectionCause.SuccessRate : EjectionCause.None;
    }

    /// <summary>Takes it out; each time for twice as long.</summary>
    /// <param name="cause">Not <see cref="EjectionCause.None"/>.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    /// <param name="chance">In [0, 1): how much of the jitter.</param>
    public void Eject(EjectionCause cause, double now, double chance)
    {
        if (now - _admitted >= policy.Longest)
            _ejections = 0;
        var seconds = Math.Min(policy.Longest, policy.Shortest * Math.Pow(2, Math.Min(_ejections, 30)));
        _ejections++;
        Cause = cause;
        _ejected = now;
        _until = now + (seconds * (1 + (policy.Jitter * chance)));
        _onTrial = false;
    }

    /// <summary>Whether it is time for a trial request and none is under way.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    /// <param name="movable">Of a request that could be made elsewhere again; others come later, if there are no such ones.</param>
    public bool IsTrialDue(double now, bool movable = true) => IsEjected && !_onTrial && now >= _until + (movable ? 0 : policy.Overdue);

    /// <summary>The others are worse off: the trial need not wait for its time, but a second from the last one.</summary>
    public void Hasten(double now) => _until = Math.Min(_until, Math.Max(now, _ejected + 1));

    /// <summary>Claims the one trial request; false if it is not yet time, or one is under way.</summary>
    public bool TryBeginTrial(double now)
    {
        if (!IsTrialDue(now))
            return false;
        _onTrial = true;
        return true;
    }

    /// <summary>The trial came to nothing (its client left): another may be tried.</summary>
    public void ForgetTrial() => _onTrial = false;

    /// <summary>The trial failed: out again, for longer.</summary>
    public void FailTrial(double now, double chance)
    {
        if (!IsEjected)
            return;
        _admitted = now; // it is not a first ejection again, however long it has been out
        Eject(Cause, now, chance);
    }

    /// <summary>In again, with a clean slate but remembering how often it was out.</summary>
    public void Readmit(double now)
    {
        Cause = EjectionCause.None;
        _admitted = now;
        _failuresInARow = 0;
        _onTrial = false;
        _window.Clear();
    }
}
