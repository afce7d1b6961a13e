namespace Mainstay.Resilience.Limits;

/// <summary>Sees, whatever is being tried out at the time, that most requests take longer than their clients wait. Not thread-safe.</summary>
internal sealed class LossWatch(LimitPolicy policy)
{
    private double _began;
    private int _completed;
    private int _givenUp;

    public void Begin(double now)
    {
        _began = now;
        _completed = _givenUp = 0;
    }

    public void Complete() => _completed++;

    public void GiveUp() => _givenUp++;

    /// <summary>
    /// Completions per second if the limit is far too high, else null. After that everything begins anew; so it does not say so again before
    /// those are gone that were let in by the limit before.
    /// </summary>
    /// <param name="inFlight">At work now.</param>
    /// <param name="limit">The limit at rest.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public double? Look(int inFlight, int limit, double now)
    {
        var length = now - _began;
        if (length < policy.LongWindow || _givenUp + _completed < policy.FewestSamples)
            return null;
        var isLosing = _givenUp > _completed;
        if (isLosing && inFlight > limit && length < policy.LongestSettling)
            return null;
        var rate = _completed / length;
        Begin(now);
        return isLosing ? rate : null;
    }
}
