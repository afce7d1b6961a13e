using Mainstay.Prove.Recording;

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

    /// <summary>Median and 95th percentile of the good answers, in seconds, of each whole second; a second without one is null.</summary>
    internal static List<(double Median, double P95)?> Windows(IReadOnlyCollection<Sample> samples, long from, long now)
    {
        var windows = new List<(double, double)?>();
        for (var start = from; start + Window <= now; start += Window)
        {
            var latencies = samples.Where(sample => sample.EndedAt >= start && sample.EndedAt < start + Window && sample.Fate == Fate.Answered)
                .Select(sample => sample.Latency / 1e6).Order().ToList();
            windows.Add(latencies.Count == 0 ? null : (latencies[latencies.Count / 2], latencies[(int)(latencies.Count * 0.95)]));
        }
        return windows;
    }

    /// <summary>The last three are within 10 % of one another, or within <paramref name="tolerance"/> seconds.</summary>
    internal static bool IsSteady(IReadOnlyList<(double Median, double P95)?> windows, double tolerance)
    {
        if (windows.Count < Steady || windows.Skip(windows.Count - Steady).Any(window => window is null))
            return false;
        var last = windows.Skip(windows.Count - Steady).Select(window => window!.Value).ToList();
        return IsNear(last.Select(window => window.Median), tolerance) && IsNear(last.Select(window => window.P95), tolerance);
    }

    private static bool IsNear(IEnumerable<double> values, double tolerance)
    {
        var sorted = values.Order().ToList();
        return sorted[^1] - sorted[0] <= Math.Max(tolerance, 0.1 * sorted[0]);
    }
}
