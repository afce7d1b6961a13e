namespace Mainstay.Resilience.Balancing;

/// <summary>
/// Peak-sensitive moving average of latency (Finagle): jumps up at once to a slower sample, comes down slowly.
/// <c>rtt &gt; est → est = rtt; else est = est·w + rtt·(1−w), w = e^(−Δt/τ)</c>. Not thread-safe: the owner's lock covers it.
/// </summary>
/// <param name="tau">Time constant τ; 10 s in the edge.</param>
/// <param name="initial">Estimate before the first sample; 30 ms in the edge.</param>
public sealed class PeakEwma(TimeSpan tau, TimeSpan initial)
{
    private double _estimate = initial.TotalSeconds;
    private double _last = double.NaN;

    /// <summary>The estimate, in seconds.</summary>
    public double Seconds => _estimate;

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
}
