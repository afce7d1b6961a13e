using System.Collections.Immutable;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Mainstay.Prove.Verdicts.Conditions;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts;

/// <summary>
/// From what was recorded to what can be said. Pure: the same history gives the same judgement, today or read from a report's folder. The rules stand in
/// docs/verdicts.md.
/// </summary>
internal static class Judge
{
    /// <summary>One history alone.</summary>
    public static Judgement Of(History history)
    {
        var conditions = Condition.Of(history).ToList();
        var evidence = history.Expectations.Where(expectation => expectation.Evidence).Select(expectation => Evidence(history, expectation)).ToList();
        var excuses = conditions.Select(condition => (condition.Finding, condition.Unfit)).Concat(evidence.Select(finding => (Finding: finding, Unfit: Unfit.NoBite)))
            .Where(excuse => excuse.Finding.Verdict != Verdict.Holds).ToList();
        var promises = history.Expectations.Where(expectation => !expectation.Evidence)
            .Select(expectation => Excuse(Checkers.Check(history, expectation), OwnSubject(expectation), excuses));
        return Merge([.. conditions.Select(condition => condition.Finding), .. evidence, .. promises]);
    }

    /// <summary>All histories of a run, with Holm's correction over the statistical tests in them.</summary>
    public static ImmutableArray<(History History, Judgement Judgement)> All(IReadOnlyList<History> histories)
    {
        var judged = histories.Select(history => (History: history, Judgement: Of(history))).ToArray();
        var tests = judged.SelectMany((one, run) => one.Judgement.Findings.Select((finding, index) => (Run: run, Index: index, Finding: finding)))
            .Where(test => test.Finding.PValue is not null).ToList();
        // Each of several looks is a test of its own.
        var stands = Holm.Stands([.. tests.Select(test => Math.Min(1, test.Finding.PValue!.Value * judged[test.Run].History.Looks))], Confidence.Doubt);
        foreach (var (test, _) in tests.Zip(stands).Where(pair => !pair.Second && pair.First.Finding.Verdict == Verdict.Violated))
        {
            var (history, judgement) = judged[test.Run];
            var withdrawn = test.Finding with
            {
                Verdict = Verdict.Inconclusive,
                Reason = $"{test.Finding.Reason}; among {tests.Count} tests of this run one looks so by chance (p = {Figures.Digits(test.Finding.PValue!.Value)}, "
                    + "Holm's correction), more requests would tell",
                Enough = test.Finding.Samples * 2,
            };
            judged[test.Run] = (history, Merge(judgement.Findings.SetItem(test.Index, withdrawn)));
        }

        return [.. judged];
    }

    /// <summary>
    /// Whether more of the same load could decide: the run was fit, and all that is inconclusive is so for want of requests. What was violated stays so.
    /// </summary>
    public static bool WorthExtending(Judgement judgement) =>
        judgement.Verdict == Verdict.Inconclusive
        && judgement.Findings.All(finding => finding.Verdict == Verdict.Holds || (!finding.Evidence && finding.Enough is not null));

    /// <summary>A sign that is missing is no broken promise.</summary>
    private static Finding Evidence(History history, Expectation expectation)
    {
        var finding = Checkers.Check(history, expectation);
        return finding.Verdict == Verdict.Holds
            ? finding
            : finding with { Verdict = Verdict.Inconclusive, Reason = $"the fault was not seen to bite: {finding.Reason}" };
    }

    private static Finding Excuse(Finding finding, Unfit ownSubject, IReadOnlyList<(Finding Finding, Unfit Unfit)> excuses) =>
        finding.Verdict == Verdict.Violated && excuses.FirstOrDefault(excuse => (excuse.Unfit & finding.ExplainedBy & ~ownSubject) != 0).Finding is { } excuse
            ? finding with { Verdict = Verdict.Inconclusive, Reason = $"{finding.Reason}; it may be so only because {excuse.Reason}" }
            : finding;

    /// <summary>What is promised of the baseline is not excused by the baseline.</summary>
    private static Unfit OwnSubject(Expectation expectation) =>
        expectation.FindWord(Terms.Phase) == Phase.Names.Baseline ? Unfit.Baseline : Unfit.None;

    /// <summary>The worst counts; what decides is the first of them, a certain violation before a probable one.</summary>
    private static Judgement Merge(ImmutableArray<Finding> findings)
    {
        if (findings.All(finding => finding.Evidence))
        {
            var nothing = new Finding("promises", "something is promised", "default", Verdict.Inconclusive, "the experiment promises nothing", "–", 0);
            findings = findings.Add(nothing);
        }

        var verdict = findings.Max(finding => finding.Verdict);
        var deciding = findings.Where(finding => finding.Verdict == verdict && (verdict != Verdict.Holds || !finding.Evidence))
            .OrderBy(finding => verdict == Verdict.Violated ? finding.PValue ?? -1 : 0).First();
        return new(verdict, deciding, findings);
    }
}
