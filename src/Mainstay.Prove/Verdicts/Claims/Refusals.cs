using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Every refusal (503, 429) carries Retry-After, and a quantile of them comes in time. Words: <c>streams</c>, <c>phase</c>. Numbers: <c>seconds</c>,
/// <c>quantile</c> (0.5–1, exclusive).
/// </summary>
internal static class Refusals
{
    public const string Name = "refusals";

    public static Expectation Expect(string text, string from, string streams, string phase, double seconds = 0.1, double quantile = 0.99)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantile, 0.5);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, 1);
        return Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Seconds, seconds)
            .With(Terms.Quantile, quantile);
    }

    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var seconds = expectation.NumberOf(Terms.Seconds);
        var quantile = expectation.NumberOf(Terms.Quantile);
        var refusals = history.RequestsOf(expectation, phase)
            .Where(sample => sample is { Fate: Fate.Answered, Status: 503 or 429 } && !history.Streams[sample.Stream].IsGood(sample)).ToList();
        if (refusals.Count == 0)
            return expectation.Inconclusive("nothing was refused");
        var bare = refusals.Where(sample => !sample.IsShed).ToList();
        if (bare.Count > 0)
        {
            return expectation.Violated(
                $"{Figures.Count(bare.Count)} of {Figures.Count(refusals.Count)} refusals came without Retry-After: {history.Describe(bare)}",
                $"{Figures.Count(bare.Count)} without Retry-After", refusals.Count) with
            { ExplainedBy = Unfit.Any & ~Unfit.Late };
        }

        var finding = InTime(history, expectation, refusals, quantile, seconds);
        if (finding.Verdict != Verdict.Violated)
            return finding;
        var starvation = new Starvation(history);
        var fed = starvation.Fed(refusals);
        return fed.Count == refusals.Count || InTime(history, expectation, fed, quantile, seconds).Verdict == Verdict.Violated
            ? finding
            : starvation.Excuse(finding);
    }

    private static Finding InTime(History history, Expectation expectation, List<Sample> refusals, double quantile, double seconds)
    {
        var confidence = Confidence.Of(history);
        var latencies = refusals.Select(sample => sample.Latency).Order().ToArray();
        var late = latencies.Count(latency => latency > seconds * 1e6);
        var test = RateTest.Of(late, latencies.Length, 1 - quantile, confidence);
        var seen = Quantiles.Of(latencies, quantile);
        var number = seen is { } value ? $"p{Figures.Digits(quantile * 100)} {Figures.Micros(value)}" : "–";
        var shown = $"all {Figures.Count(latencies.Length)} refusals carry Retry-After, {Figures.Count(late)} took longer than {Figures.Seconds(seconds)}";
        var reason = test.Verdict switch
        {
            Verdict.Inconclusive when test.Enough is { } enough => $"{shown}: too few to tell; {Figures.Count(enough)} refusals would be enough",
            Verdict.Inconclusive => $"{shown}: so close to the limit that no reachable number tells",
            _ => $"{shown}, {number}",
        };
        return expectation.Tested(test, reason, number, latencies.Length) with
        {
            Seen = seen / 1e6,
            Lower = Quantiles.LowerBound(latencies, quantile, confidence) / 1e6,
            Upper = Quantiles.UpperBound(latencies, quantile, confidence) / 1e6,
            Target = seconds,
        };
    }
}
