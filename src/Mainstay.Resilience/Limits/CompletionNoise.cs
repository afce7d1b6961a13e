namespace Mainstay.Resilience.Limits;

/// <summary>
/// How much the completions of a busy service vary by chance: the index of dispersion, the variance of a count of them divided by its mean.
/// 0 for a service that takes always the same, 1 for one whose times are exponentially distributed. Seen by how the throughput of one group
/// of them differs from the next's (von Neumann 1941), so that what changes with the limit is no noise. Latencies would not do: they hold the
/// waiting inside the service, which evens out. Not thread-safe.
/// </summary>
internal sealed class CompletionNoise
{
    private const int Group = 10;
    private const int FewestPairs = 3;
    private const double Smoothing = 0.1;

    private int _count;
    private int _pairs;
    private double _began = double.NaN;
    private double _rate = double.NaN;
    private double _index;

    /// <summary>In [0.01, 4]; 1 as long as too little is known.</summary>
    public double Index => _pairs < FewestPairs ? 1 : Math.Clamp(_index, 0.01, 4);

    /// <summary>What comes next does not follow what was before.</summary>
    public void Interrupt() => _began = _rate = double.NaN;

    /// <summary>By which share two counts of so many differ by chance.</summary>
    public double Of(int completions) => Math.Sqrt(2 * Index / Math.Max(1, completions));

    /// <summary>By so many completions, chance makes no more of a difference than this share.</summary>
    public double SamplesFor(double share) => 2 * Index / (share * share);

    /// <summary>Evidence is only what can hardly be by chance: that far less than half of what was possible has changed.</summary>
    public bool Convinces(double change, double possible, int completions) => change + Of(completions) < 0.5 * possible;

    /// <summary>A request was completed while others waited.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    /// <param name="latency">What requests take of late; seconds. Those that began together end together: a group is to hold them all.</param>
    public void Count(double now, double latency)
    {
        if (double.IsNaN(_began))
        {
            _began = now;
            _count = 0;
            return;
        }
        _count++;
        var took = now - _began;
        if (_count < Group || took < latency || took <= 0)
            return;
        var rate = _count / took;
        if (!double.IsNaN(_rate))
        {
            var off = 2 * (rate - _rate) / (rate + _rate);
            _index += Math.Max(Smoothing, 1.0 / ++_pairs) * ((_count * off * off / 2) - _index);
        }
        _rate = rate;
        _began = now;
        _count = 0;
    }
}
