namespace Mainstay.Resilience.Queues;

/// <summary>For how long requests have waited without a break, and who goes first then. Not thread-safe: the gate's lock covers it.</summary>
internal sealed class Standing(GatePolicy policy)
{
    /// <summary>Seconds without anybody who leaves, after which it is over.</summary>
    private const double Pause = 0.5;

    private double _since = double.NaN;
    private double _leavingSince;
    private double _lastLeft = double.NegativeInfinity;

    /// <summary>Somebody waits, for the first time.</summary>
    public void Begin(double now) => _since = now;

    /// <summary>Nobody waits any more.</summary>
    public void End() => _since = double.NaN;

    /// <summary>A client has left from the queue.</summary>
    public void Leave(double now)
    {
        if (now - _lastLeft > Pause)
            _leavingSince = now;
        _lastLeft = now;
    }

    /// <summary>Clients leave all the time: whatever the service can do, they are better off when they are told at once.</summary>
    public bool AreLeaving(double now) => now - _lastLeft < Pause && _lastLeft - _leavingSince >= policy.Patience;

    /// <summary>The oldest was let in: a queue whose wait comes down to almost nothing is not standing.</summary>
    public void LetIn(double came, double now)
    {
        if (now - came <= policy.Target)
            _since = now;
    }

    /// <summary>So long that it is no burst that could be worked off.</summary>
    public bool IsTooLong(double now) => now - _since >= policy.Patience;

    /// <summary>
    /// Who has waited for long may have gone when it is answered: then the newest first (adaptive LIFO, Maurer 2015). Without proof of an
    /// overload not for longer than it takes to find one, unless clients leave from the queue: the oldest must not starve.
    /// </summary>
    /// <param name="isSaturated">The service is known to be at its limit.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public bool IsNewestFirst(bool isSaturated, double now) =>
        now - _since >= policy.FifoPatience && (isSaturated || now - Math.Max(_since, _lastLeft) < policy.Patience);
}
