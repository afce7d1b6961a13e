using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Replicas that stand still (<c>blocked</c>) make no more requests of a route late than its objective for the p99 allows, 1 %. Held up is a request
/// that took longer than its route's objective, and for at least half of its time a replica stood still. Words: <c>streams</c>, <c>phase</c>.
/// </summary>
internal static class NotHeldUp
{
    public const string Name = "not-held-up";

    private const double May = 0.01;

    public static Expectation Expect(string text, string from, string streams, string phase) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase);

    /// <summary>One route may be the worst (corrected for their number); that none is, all of them show together.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var still = new StandingStill(history, phase);
        var samples = history.RequestsOf(expectation, phase).Where(sample => sample.Fate != Fate.Cut).ToList();
        var finding = Check(history, expectation, still, samples);
        if (finding.Verdict != Verdict.Violated)
            return finding;
        var starvation = new Starvation(history);
        var fed = starvation.Fed(samples);
        if (fed.Count < samples.Count && Check(history, expectation, still, fed).Verdict != Verdict.Violated)
            return starvation.Excuse(finding);
        var sentInTime = samples.Where(sample => !IsLate(history, sample) || sample.Latency - sample.Lag > Objective(history, sample)).ToList();
        var isLoads = sentInTime.Count < samples.Count && Check(history, expectation, still, sentInTime).Verdict != Verdict.Violated;
        return finding with { ExplainedBy = isLoads ? Unfit.Schedule : Unfit.None };
    }

    private static Finding Check(History history, Expectation expectation, StandingStill still, List<Sample> samples)
    {
        var confidence = Confidence.Of(history);
        var routes = samples.GroupBy(sample => sample.Stream).Select(route => (
            Stream: history.Streams[route.Key],
            Held: route.Count(sample => IsLate(history, sample) && still.Time(sample.ScheduledAt, sample.EndedAt) * 2 >= sample.Latency),
            Count: route.Count())).ToList();
        var (held, count) = (routes.Sum(route => route.Held), routes.Sum(route => route.Count));
        if (WorstGroup.Of([.. routes.Select(route => (route.Held, route.Count))], May, confidence) is { } found)
        {
            var worst = routes[found.Index];
            var reason = $"{Figures.Count(worst.Held)} of {Figures.Count(worst.Count)} × {worst.Stream.Name} took longer than {Figures.Seconds(worst.Stream.LatencyP99Seconds)} "
                + $"while {still.Text}: at least {Figures.Percent(found.Test.Lower)} do, {Figures.Percent(May)} may";
            return found.Violated(expectation, reason, $"{Figures.Count(worst.Held)} of {Figures.Count(worst.Count)} held up", count);
        }
        var all = RateTest.Of(held, count, May, confidence);
        var seen = $"{Figures.Count(held)} of {Figures.Count(count)} requests were held up; {still.Text}";
        var number = $"{Figures.Count(held)} of {Figures.Count(count)} held up";
        return all.Verdict == Verdict.Holds
            ? expectation.Tested(all, seen, number, count) with { Seen = all.Seen, Lower = all.Lower, Upper = all.Upper, Target = May }
            : expectation.Inconclusive($"{seen}: too few requests to tell", number, count, all.Enough) with { PValue = all.PValue };
    }

    private static double Objective(History history, in Sample sample) => history.Streams[sample.Stream].LatencyP99Seconds * 1e6;

    private static bool IsLate(History history, in Sample sample) => sample.Latency > Objective(history, sample);
}
