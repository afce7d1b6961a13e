using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Requests that have nothing to do with the fault are as before: in most windows of phase <c>fault</c> the p99 is at most max(factor × baseline,
/// baseline + plus), where the baseline is the median over its windows; and they fail no more than their objective allows. Words: <c>streams</c>.
/// Numbers: <c>factor</c>, <c>plus_seconds</c>.
/// </summary>
internal static class Unharmed
{
    public const string Name = "unharmed";

    /// <summary>A rate of failures that would be noticed.</summary>
    private const double ShownHarmless = 0.01;

    public static Expectation Expect(string text, string from, string streams, double factor = 1.25, double plusSeconds = 0.005) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Factor, factor).With(Terms.Plus, plusSeconds);

    /// <summary>Each stream is compared with itself, and streams of one objective share a test of their failures; the worst of all counts.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var baseline = history.PhaseOf(Phase.Names.Baseline);
        var fault = history.PhaseOf(Phase.Names.Fault);
        var streams = history.StreamsOf(expectation);
        var indices = Enumerable.Range(0, streams.Length).Where(index => streams[index]).ToList();
        var before = history.RequestsOf(expectation, baseline).ToLookup(sample => sample.Stream);
        var during = history.RequestsOf(expectation, fault).ToLookup(sample => sample.Stream);
        var parts = indices.Select(index => Slower(history, expectation, index, (baseline, before[index]), (fault, during[index])))
            .Concat(indices.GroupBy(index => history.Streams[index].Availability)
                .Select(group => Failing(history, expectation, group.Key, [.. group.SelectMany(index => during[index])])))
            .ToList();
        var worst = parts.OrderByDescending(part => part.Verdict).ThenBy(part => part.PValue ?? 1).First();
        var samples = indices.Sum(index => during[index].Count());
        // Several tests are one claim: its p-value is corrected for their number (Bonferroni).
        return worst with
        {
            Samples = samples,
            Reason = worst.Verdict == Verdict.Holds ? string.Join("; ", parts.Select(part => part.Reason)) : worst.Reason,
            PValue = parts.Min(part => part.PValue) is { } least ? Math.Min(1, least * parts.Count) : null,
        };
    }

    private static Finding Slower(
        History history, Expectation expectation, int index, (Phase Phase, IEnumerable<Sample> Samples) before, (Phase Phase, IEnumerable<Sample> Samples) during)
    {
        var starvation = new Starvation(history);
        var baseline = WindowedTail.Of(before.Samples, before.Phase);
        var windows = WindowedTail.Of(during.Samples, during.Phase);
        var finding = Slower(history, expectation, history.Streams[index].Name, baseline, windows);
        if (finding.Verdict != Verdict.Violated)
            return finding;
        var fed = windows.Where(window => !starvation.Touches(window.From, window.To)).ToList();
        return fed.Count == windows.Count || Slower(history, expectation, "", baseline, fed).Verdict == Verdict.Violated
            ? finding
            : finding with { Verdict = Verdict.Inconclusive, Reason = $"{finding.Reason}; but {starvation.Text}, and without that time it is not so" };
    }

    /// <summary>A sign test: as many windows above the limit as below are expected if the true median lies just on it.</summary>
    private static Finding Slower(History history, Expectation expectation, string stream, List<WindowedTail> baseline, List<WindowedTail> windows)
    {
        var doubt = 1 - Confidence.Of(history);
        var needed = (int)Math.Ceiling(Math.Log2(1 / doubt));
        if (Math.Min(baseline.Count, windows.Count) < needed)
        {
            return expectation.Inconclusive(
                $"{stream}: {Math.Min(baseline.Count, windows.Count)} windows of {WindowedTail.Least} requests are too few to compare; {needed} in each phase would be enough",
                enough: needed * WindowedTail.Least);
        }

        var normal = WindowedTail.Median(baseline);
        var median = WindowedTail.Median(windows);
        var limit = Math.Max(expectation.NumberOf(Terms.Factor) * normal, normal + expectation.NumberOf(Terms.Plus));
        var above = windows.Count(window => window.Seconds > limit);
        var number = $"p99 {Figures.Seconds(normal)} → {Figures.Seconds(median)}";
        var seen = $"{stream}: {number}, up to {Figures.Seconds(limit)} is allowed; {above} of {windows.Count} windows were above";
        var finding =
            Binomial.AtMost(above, windows.Count, 0.5) <= doubt ? expectation.Holds(seen, number, 0)
            : Binomial.AtLeast(above, windows.Count, 0.5) <= doubt ? expectation.Violated(seen, number, 0)
            : expectation.Inconclusive($"{seen}, too close to tell", number, 0, windows.Count * 2 * WindowedTail.Least);
        return finding with { Seen = double.IsFinite(median) ? median : null, Target = limit, PValue = Binomial.AtLeast(above, windows.Count, 0.5) };
    }

    private static Finding Failing(History history, Expectation expectation, double availability, List<Sample> samples)
    {
        var outcomes = samples.ToLookup(sample => history.OutcomeOf(sample));
        var failures = outcomes[Outcome.Failure].ToList();
        var count = failures.Count + outcomes[Outcome.Success].Count();
        var target = 1 - availability;
        var test = RateTest.Of(failures.Count, count, target, Confidence.Of(history));
        // That the objective holds is the baseline's to prove, with all the requests that takes. Here harm is looked for: within the objective as far as
        // was seen, and shown to be below 1 %, is none.
        if (test.Verdict == Verdict.Inconclusive && failures.Count <= target * count
            && RateTest.Of(failures.Count, count, Math.Max(target, ShownHarmless), Confidence.Of(history)) is { Verdict: Verdict.Holds } shown)
        {
            (test, target) = (shown, Math.Max(target, ShownHarmless));
        }
        return expectation.Tested(
            test, FailureRate.Reason(history, test, failures, count, target), $"{Figures.Count(failures.Count)} of {Figures.Count(count)} failed", 0) with
        {
            Seen = test.Seen,
            Lower = test.Lower,
            Upper = test.Upper,
            Target = target,
        };
    }
}
