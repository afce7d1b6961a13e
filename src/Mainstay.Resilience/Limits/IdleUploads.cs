namespace Mainstay.Resilience.Limits;

/// <summary>
/// Whether clients that are slow to send have kept the service from its work. Their requests hold places until that is seen and the places are
/// lent out, so that many at once make a service look as if it completed less. A window of which they held much is not judged, but not for
/// ever: where it is always so, or again and again, it is a part of what is usual. Not thread-safe.
/// </summary>
internal sealed class IdleUploads(LimitPolicy policy)
{
    /// <summary>Of the places' time; what is more is much.</summary>
    private const double Share = 0.1;

    private double _since;
    private double _last = double.NegativeInfinity;

    /// <summary>Whether the window is better not judged.</summary>
    /// <param name="window">Up to now.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public bool Disturb(ThroughputWindow window, double now)
    {
        if (window.Idle <= Share)
            return false;
        // Quiet for so long that a window could be judged meanwhile: what comes now is another burst.
        if (now - _last > policy.LongestWindow)
            _since = now;
        _last = now;
        return now - _since < policy.LongestWindow;
    }
}
