using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Conditions;

/// <summary>
/// Without a fault no route is seen to be outside its objective; that it is within is not shown here, but by the experiment <c>baseline</c>. The doubt is
/// divided among the routes, so that many of them do not make one fail by chance.
/// </summary>
internal static class BaselineFit
{
    public const string Name = "baseline-fit";

    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(Phase.Names.Baseline);
        var byStream = history.Samples.Where(sample => phase.Contains(sample.ScheduledAt) && sample.Fate != Fate.Cut).ToLookup(sample => sample.Stream);
        var loads = Enumerable.Range(0, history.Streams.Length).Where(index => history.Streams[index].Role == LoadStream.Roles.Load).ToList();
        var count = loads.Sum(index => byStream[index].Count());
        if (count == 0)
            return expectation.Inconclusive("there was no load in the baseline");

        var confidence = 1 - (Confidence.Doubt / (2 * loads.Count));
        foreach (var index in loads)
        {
            var stream = history.Streams[index];
            var samples = byStream[index].ToList();
            var failed = samples.Count(sample => !stream.IsGood(sample));
            if (RateTest.Of(failed, samples.Count, 1 - stream.Availability, confidence).Verdict == Verdict.Violated)
            {
                return expectation.Inconclusive(
                    $"without a fault {stream.Name} is outside its objective already: {Figures.Count(failed)} of {Figures.Count(samples.Count)} failed",
                    $"{Figures.Count(failed)} of {Figures.Count(samples.Count)} failed", count);
            }

            var latencies = Latencies.Ascending(samples);
            var slow = latencies.Count(latency => latency > stream.LatencyP99Seconds * 1e6);
            if (RateTest.Of(slow, latencies.Length, 0.01, confidence).Verdict == Verdict.Violated)
            {
                var tail = Figures.Seconds(Latencies.Seconds(Quantiles.Of(latencies, 0.99)!.Value));
                return expectation.Inconclusive(
                    $"without a fault {stream.Name} is outside its objective already: p99 {tail}, {Figures.Seconds(stream.LatencyP99Seconds)} is its objective",
                    $"p99 {tail}", count);
            }
        }

        return expectation.Holds($"none of {Figures.Count(count)} requests puts a route outside its objective", $"{Figures.Count(count)} requests", count);
    }
}
