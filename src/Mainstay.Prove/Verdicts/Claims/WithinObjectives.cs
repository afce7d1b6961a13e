using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// 99 % of the requests are answered within the objective of their own route. Routes that promise the same are taken together. Words:
/// <c>streams</c>, <c>phase</c>.
/// </summary>
internal static class WithinObjectives
{
    public const string Name = "within-objectives";

    private const double May = 0.01;

    public static Expectation Expect(string text, string from, string streams, string phase) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase);

    /// <summary>
    /// One objective may be the one that is not kept (corrected for their number); that none is, all requests show together: in the time of one fault
    /// there are too few of each for more.
    /// </summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        return Starvation.Check(history, [.. history.RequestsOf(expectation, phase)], samples => Check(history, expectation, samples));
    }

    private static Finding Check(History history, Expectation expectation, List<Sample> samples)
    {
        var confidence = Confidence.Of(history);
        var objectives = samples.GroupBy(sample => history.Streams[sample.Stream].LatencyP99Seconds)
            .Select(group => (Seconds: group.Key, Latencies: Latencies.Ascending(group), Streams: group.Select(sample => sample.Stream).Distinct().ToList()))
            .Where(group => group.Latencies.Length > 0)
            .Select(group => (group.Seconds, group.Latencies, group.Streams, Slow: group.Latencies.Count(latency => latency > group.Seconds * 1e6)))
            .ToList();
        if (WorstGroup.Of([.. objectives.Select(one => (one.Slow, one.Latencies.Length))], May, confidence) is { } found)
        {
            var worst = objectives[found.Index];
            var names = string.Join(", ", worst.Streams.Order().Select(index => history.Streams[index].Name));
            var tail = $"p99 {Figures.Seconds(Latencies.Seconds(Quantiles.Of(worst.Latencies, 1 - May)!.Value))}";
            var reason = $"{Figures.Count(worst.Slow)} of {Figures.Count(worst.Latencies.Length)} × {names} took longer than {Figures.Seconds(worst.Seconds)}, {tail}: "
                + $"at least {Figures.Percent(found.Test.Lower)} do, {Figures.Percent(May)} may";
            return found.Violated(expectation, reason, tail, worst.Latencies.Length);
        }

        var (slow, count) = (objectives.Sum(one => one.Slow), objectives.Sum(one => one.Latencies.Length));
        var all = RateTest.Of(slow, count, May, confidence);
        var shown = $"{Figures.Count(slow)} of {Figures.Count(count)} requests took longer than the objective of their route";
        var told = all.Verdict == Verdict.Holds;
        var why = told ? $"{shown}: at most {Figures.Percent(all.Upper)} do, {Figures.Percent(May)} may"
            : count == 0 ? "no request was answered"
            : all.Enough is { } enough ? $"{shown}: too few to tell; {Figures.Count(enough)} requests would be enough"
            : $"{shown}: so close to the limit that no reachable number of requests tells";
        var number = $"{Figures.Count(slow)} of {Figures.Count(count)} too slow";
        return (told ? expectation.Holds(why, number, count) : expectation.Inconclusive(why, number, count, all.Enough)) with
        {
            PValue = count == 0 ? null : all.PValue,
            Seen = count == 0 ? null : all.Seen,
            Lower = count == 0 ? null : all.Lower,
            Upper = count == 0 ? null : all.Upper,
            Target = May,
        };
    }
}
