namespace Mainstay.Resilience.Balancing;

/// <summary>A new replica ramps up instead of being hit cold: weight <c>max(0.1, age/window)</c> (Envoy's slow start, linear).</summary>
/// <param name="window">From the first traffic to the full share; 10 s in the edge.</param>
public sealed class SlowStart(TimeSpan window)
{
    /// <summary>The share that even the newest gets.</summary>
    public const double Least = 0.1;

    /// <summary>In [0.1, 1].</summary>
    /// <param name="age">Seconds since it was admitted.</param>
    public double Weight(double age) => Math.Clamp(age / window.TotalSeconds, Least, 1);
}
