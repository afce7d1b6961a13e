namespace Mainstay.Resilience.Limits;

/// <summary>
/// How much the completions of a busy service vary by chance: the index of dispersion, the variance of a count of them divided by its mean.
/// 0 for a service that takes always the same, 1 for one whose times are exponentially distributed. Seen by how long it takes to complete
/// ten: latencies would not do, as they hold the waiting inside the service, which evens out. Not thread-safe.
/// </summary>
internal sealed class CompletionNoise
{
    private const int Group = 10;
    private const int FewestGroups = 5;
    private const double Smoothing = 0.05;

    private int _count;
    private int _groups;
    private double _began = double.NaN;
    private double _mean;
    private double _variance;

    /// <summary>In [0.01, 4]; 1 as long as too little is known.</summary>
    public double Index => _groups < FewestGroups ? 1 : Math.Clamp(Group * _variance / (_mean * _mean), 0.01, 4);

    /// <summary>What comes next does not follow what was before.</summary>
    public void Interrupt() => _began = double.NaN;

    /// <summary>By which share two counts of so many differ by chance.</summary>
    public double Of(int completions) => Math.Sqrt(2 * Index / Math.Max(1, completions));

    /// <summary>A request was completed while others waited.</summary>
    public void Count(double now)
    {
        if (double.IsNaN(_began))
        {
            _began = now;
            _count = 0;
            return;
        }
        if (++_count < Group)
            return;
        var took = Math.Max(1e-6, now - _began);
        _began = now;
        _count = 0;
        if (_groups++ == 0)
        {
            _mean = took;
            return;
        }
        var off = took - _mean;
        var weight = Math.Max(Smoothing, 1.0 / _groups);
        _mean += weight * off;
        _variance += weight * ((off * off) - _variance);
    }
}
