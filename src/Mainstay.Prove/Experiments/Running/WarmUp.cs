using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>Waits until the latencies are steady: compilers, caches and pools have done what they do at first.</summary>
internal static class WarmUp
{
    private const long Window = 1_000_000;
    private const int Steady = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(Recorder recorder, CancellationToken cancel)
    {
        var from = recorder.Now;
        var start = recorder.Time.GetTimestamp();
        // A drift far below what is promised is no warming up any more.
        var tolerance = Math.Max(0.0005, 0.02 * recorder.Streams.Select(stream => stream.LatencyP99Seconds).DefaultIfEmpty(1).Min());
        while (!IsSteady(Windows(recorder.Samples(from, recorder.Now), from, recorder.Now), tolerance))
        {
            if (recorder.Time.GetElapsedTime(start) > Longest)
            {
                recorder.Happened(Happening.Kinds.Unsteady, "", $"the latencies were not steady after {Longest.TotalSeconds:0} s of the same load");
                break;
            }
            await Task.Delay(Poll, recorder.Time, cancel);
        }
        recorder.Add(new Phase(Phase.Names.WarmUp, from, recorder.Now));
    }

    /// <summary>Where the median and the 95th percentile of the good answers of each whole second may lie; a second without one is null.</summary>
    internal static List<(Bounds Median, Bounds P95)?> Windows(IReadOnlyCollection<Sample> samples, long from, long now)
    {
        var windows = new List<(Bounds, Bounds)?>();
        for (var start = from; start + Window <= now; start += Window)
        {
            var latencies = samples.Where(sample => sample.EndedAt >= start && sample.EndedAt < start + Window && sample.Fate == Fate.Answered)
                .Select(sample => sample.Latency).Order().ToArray();
            windows.Add(latencies.Length == 0 ? null : (Bounds.Of(latencies, 0.5), Bounds.Of(latencies, 0.95)));
        }
        return windows;
    }

    /// <summary>The last three are within 10 % of one another, or within <paramref name="tolerance"/> seconds, or differ by chance alone.</summary>
    internal static bool IsSteady(IReadOnlyList<(Bounds Median, Bounds P95)?> windows, double tolerance)
    {
        if (windows.Count < Steady || windows.Skip(windows.Count - Steady).Any(window => window is null))
            return false;
        var last = windows.Skip(windows.Count - Steady).Select(window => window!.Value).ToList();
        return IsNear(last.Select(window => window.Median), tolerance) && IsNear(last.Select(window => window.P95), tolerance);
    }

    private static bool IsNear(IEnumerable<Bounds> values, double tolerance)
    {
        var all = values.ToList();
        var least = all.Min(bounds => bounds.High);
        return all.Max(bounds => bounds.Low) - least <= Math.Max(tolerance, 0.1 * least);
    }

    /// <summary>
    /// Seconds between which the true quantile lies, each with a confidence of 97 %: where half of the requests are quick and half are slow, the
    /// median of a second is one or the other by chance.
    /// </summary>
    internal readonly record struct Bounds(double Low, double High)
    {
        private const double Confidence = 0.97;

        /// <param name="ascending">Microseconds; at least one. Where they are too few to say, the least or the greatest of them.</param>
        /// <param name="quantile">In (0, 1).</param>
        public static Bounds Of(long[] ascending, double quantile) => new(
            (Quantiles.LowerBound(ascending, quantile, Confidence) ?? ascending[0]) / 1e6,
            (Quantiles.UpperBound(ascending, quantile, Confidence) ?? ascending[^1]) / 1e6);
    }
}
