using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// At most a ratio of the requests fails: Clopper–Pearson, one-sided. Words: <c>streams</c>, <c>phase</c>. Numbers: <c>target</c> (ratio that may fail,
/// 0–0.5), <c>allow_shed</c> (1: what was refused on purpose is neither success nor failure).
/// </summary>
internal static class FailureRate
{
    public const string Name = "failure-rate";

    /// <param name="target">The ratio that may fail, such as 0.001 for an availability of 99.9 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is no ratio of failures: above 0.5 it would be met by almost anything.</exception>
    public static Expectation Expect(string text, string from, string streams, string phase, double target, bool allowShed = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target, 0.5);
        return Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Target, target)
            .With(Terms.AllowShed, allowShed);
    }

    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var target = expectation.NumberOf(Terms.Target);
        var allowShed = expectation.IsSet(Terms.AllowShed);
        var confidence = Confidence.Of(history);
        var count = 0;
        var failures = new List<Sample>();
        foreach (var sample in history.RequestsOf(expectation, phase))
        {
            var outcome = history.OutcomeOf(sample, allowShed);
            count += outcome == Outcome.Neither ? 0 : 1;
            if (outcome == Outcome.Failure)
                failures.Add(sample);
        }

        var test = RateTest.Of(failures.Count, count, target, confidence);
        var withoutLate = RateTest.Of(failures.Count(failure => !failure.MayBeLate()), count, target, confidence);
        return expectation.Tested(test, Reason(history, test, failures, count, target), $"{Figures.Count(failures.Count)} of {Figures.Count(count)} failed", count)
            with
        {
            Seen = count == 0 ? null : test.Seen,
            Lower = count == 0 ? null : test.Lower,
            Upper = count == 0 ? null : test.Upper,
            Target = target,
            ExplainedBy = Unfit.Any & ~(withoutLate.Verdict == Verdict.Violated ? Unfit.Late : Unfit.None),
        };
    }

    /// <summary>How a test on a failure rate reads.</summary>
    public static string Reason(History history, RateTest test, List<Sample> failures, int count, double target)
    {
        var seen = $"{Figures.Count(failures.Count)} of {Figures.Count(count)} requests failed"
            + (failures.Count > 0 ? $" ({history.Describe(failures)})" : "");
        var allowed = Figures.Percent(target);
        return test.Verdict switch
        {
            Verdict.Holds => $"{seen}: the rate is at most {Figures.Percent(test.Upper)}, {allowed} may fail",
            Verdict.Violated => $"{seen}: the rate is at least {Figures.Percent(test.Lower)}, {allowed} may fail",
            _ when target <= 0 => $"{seen}, but no number of requests shows that none ever will",
            _ when test.Enough is { } enough =>
                $"{seen}: too few to tell whether more than {allowed} fail; {Figures.Count(enough)} requests would be enough",
            _ => $"{seen}: so close to the {allowed} that may fail that no reachable number of requests tells",
        };
    }
}
