namespace Mainstay.Resilience.Limits;

/// <summary>The most that was at work at once, period by period. Not thread-safe.</summary>
/// <param name="period">Seconds; more than 0.</param>
internal sealed class PeakWatch(double period)
{
    private int _most;
    private double _since;

    /// <summary>The most of the period that has ended; null while it goes on.</summary>
    /// <param name="inFlight">Requests at work since the last call.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public int? Look(int inFlight, double now)
    {
        _most = Math.Max(_most, inFlight);
        if (now - _since < period)
            return null;
        var most = _most;
        _most = 0;
        _since = now;
        return most;
    }
}
