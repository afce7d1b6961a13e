namespace Mainstay.Resilience.Balancing;

/// <summary>
/// Peak-sensitive moving average of latency (Finagle): jumps up at once to a slower sample, comes down slowly.
/// <c>rtt &gt; est → est = rtt; else est = est·w + rtt·(1−w), w = e^(−Δt/τ)</c>. One writer at a time: the owner's lock covers
/// <see cref="Record"/> and <see cref="Penalize"/>; reads may race with them and see a recent value.
/// </summary>
/// <param name="tau">Time constant τ; 10 s in the edge.</param>
/// <param name="initial">Estimate before the first sample; 30 ms in the edge.</param>
public sealed class PeakEwma(TimeSpan tau, TimeSpan initial)
{
    private double _estimate = initial.TotalSeconds;
    private double _last = double.NaN;

    /// <summary>The estimate as of the last sample, in seconds.</summary>
    public double Seconds => _estimate;

    /// <summary>Whether a sample or penalty was ever recorded.</summary>
    public bool HasSamples => !double.IsNaN(_last);

    /// <summary>
    /// The estimate now, in seconds: without samples it fades towards zero, so that one that is avoided for its latency is tried again some day.
    /// </summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public double SecondsAt(double now)
    {
        var last = _last;
        return double.IsNaN(last) || now <= last ? _estimate : _estimate * Math.Exp((last - now) / tau.TotalSeconds);
    }

    /// <param name="rtt">The sample, in seconds; not negative.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Record(double rtt, double now)
    {
        if (rtt > _estimate)
        {
            _estimate = rtt;
        }
        else
        {
            var weight = double.IsNaN(_last) ? 0 : Math.Exp(-Math.Max(0, now - _last) / tau.TotalSeconds);
            _estimate = (_estimate * weight) + (rtt * (1 - weight));
        }
        _last = now;
    }

    /// <summary>
    /// A failure, however fast, must not attract traffic: counts as a sample of at least <paramref name="seconds"/> (linkerd: 5 s, or the
    /// answer's Retry-After if that is longer).
    /// </summary>
    /// <param name="seconds">Not negative.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Penalize(double seconds, double now)
    {
        _estimate = Math.Max(SecondsAt(now), seconds);
        _last = now;
    }
}
