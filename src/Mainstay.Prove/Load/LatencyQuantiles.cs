using HdrHistogram;

namespace Mainstay.Prove.Load;

/// <summary>Seconds of latency, from when requests were due; all 0 without requests.</summary>
internal sealed record LatencyQuantiles(double P50, double P90, double P99, double P999, double Max)
{
    public static LatencyQuantiles Of(HistogramBase histogram)
    {
        double At(double percentile) => histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1e6;
        return new(At(50), At(90), At(99), At(99.9), At(100));
    }
}
