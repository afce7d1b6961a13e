using Mainstay.Resilience.Balancing;

namespace Mainstay.Resilience.Hedging;

/// <summary>
/// When a second attempt is worth making (Dean and Barroso, "The Tail at Scale", 2013): once the first has taken longer than a quantile of
/// what attempts took within the last ten seconds. Worked out at most four times a second; reading costs two reads. Thread-safe.
/// </summary>
/// <param name="quantile">In (0, 1); 0.95 hedges about one request in twenty.</param>
public sealed class HedgeDelay(double quantile)
{
    /// <summary>In seconds: timers are no finer, and whatever answers so soon needs no help.</summary>
    public const double Shortest = 0.001;

    private const int FewestSamples = 20;
    private const double Refresh = 0.25;
    private const double Stale = 10;

    /// <summary>At least so many that one of them lies beyond the quantile.</summary>
    private readonly int _samples = (int)Math.Min(10_000, Math.Max(FewestSamples, Math.Ceiling((1 / (1 - quantile)) - 1e-9)));
    private readonly Lock _gate = new();
    private readonly LatencyWindow _latencies = new();
    private double _delay = double.NaN;
    private double _asOf = double.NegativeInfinity;

    /// <summary>Notes how long a request of the route waited for the head of its answer; of a hedged one, from its first attempt.</summary>
    /// <param name="latency">In seconds; not negative.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Record(double latency, double now)
    {
        lock (_gate)
        {
            _latencies.Record(latency, now);
            if (now - _asOf < Refresh)
                return;
            var delay = _latencies.Quantile(quantile, now, _samples);
            Volatile.Write(ref _delay, double.IsNaN(delay) ? double.NaN : Math.Max(Shortest, delay));
            Volatile.Write(ref _asOf, now);
        }
    }

    /// <summary>Seconds after which to hedge, at least <see cref="Shortest"/>; NaN while too little is known: then not at all.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public double At(double now) => now - Volatile.Read(ref _asOf) <= Stale ? Volatile.Read(ref _delay) : double.NaN;
}
