namespace Mainstay.Resilience.Limits;

/// <summary>
/// What requests take of late beside the least that they ever took: a guess at how much of it is waiting inside the service. Trials are
/// chosen by it; what counts is what they show. Not thread-safe.
/// </summary>
internal sealed class LatencyTrend(LimitPolicy policy)
{
    /// <summary>By so much the memory of the slowest fades with every sample.</summary>
    private const double Forgetting = 0.99;

    private double _usual;
    private double _least = double.PositiveInfinity;
    private long _samples;

    /// <summary>In seconds; 0 before the first sample.</summary>
    public double Recent { get; private set; }

    /// <summary>
    /// What the slowest of late took, in seconds: what is changed at the limit shows only when those that were let in before, or together,
    /// have been completed.
    /// </summary>
    public double Longest { get; private set; }

    /// <summary>Slower than it can be: rather too much at work than too little.</summary>
    public bool IsInflated => Recent > policy.Inflated * _least;

    /// <summary>The factor of a coarse step down: the slower requests are than they can be, the further it is to go.</summary>
    public double Descent => double.IsInfinity(_least) ? policy.CoarseStep : Math.Clamp(Recent / (2 * _least), policy.CoarseStep, 2 * policy.CoarseStep);

    /// <param name="latency">In seconds.</param>
    public void Record(double latency)
    {
        Recent = Recent == 0 ? latency : Recent + (policy.RecentSmoothing * (latency - Recent));
        Longest = Math.Max(latency, Longest * Forgetting);
        _usual = _usual == 0 ? latency : _usual + (policy.Smoothing * (latency - _usual));
        if (++_samples >= policy.ManifestSamples)
            _least = Math.Min(_least, _usual);
    }

    /// <summary>It is not inflated: that is known.</summary>
    public void Refute() => _least = Math.Max(_least, Recent / policy.Inflated);

    /// <summary>So slow it has to be, perhaps: the service itself may have become slower.</summary>
    public void Accept() => _least = Math.Min(Recent, _least * policy.FineStep);
}
