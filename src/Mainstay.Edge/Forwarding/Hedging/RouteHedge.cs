using Mainstay.Contracts.Control;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Hedging;

namespace Mainstay.Edge.Forwarding.Hedging;

/// <summary>When one route's requests are worth a second attempt, and what came of those that were made. Thread-safe.</summary>
internal sealed class RouteHedge(HedgeSpec spec)
{
    private readonly HedgeDelay _delay = new(spec.Quantile);
    private long _made;
    private long _won;

    /// <summary>Seconds after which to hedge; NaN while too little is known.</summary>
    public double DelayAt(double now) => _delay.At(now);

    /// <summary>Notes how long a request waited for the head of its answer, from its first attempt on.</summary>
    public void Record(double latency, double now) => _delay.Record(Math.Max(0, latency), now);

    public void CountMade() => Interlocked.Increment(ref _made);

    public void CountWon() => Interlocked.Increment(ref _won);

    public HedgeStatus Status(double now)
    {
        var delay = DelayAt(now);
        return new(spec.Text, double.IsNaN(delay) ? null : Math.Round(delay, 4), Interlocked.Read(ref _made), Interlocked.Read(ref _won));
    }
}
