using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Verdicts.Conditions;

/// <summary>What every run must fulfil before its findings mean anything.</summary>
/// <param name="Finding">Holds, or inconclusive with the reason.</param>
/// <param name="Unfit">What an unmet one can explain.</param>
internal sealed record Condition(Finding Finding, Unfit Unfit)
{
    public static IEnumerable<Condition> Of(History history)
    {
        // Trouble first: it is why there may be no load at all.
        yield return new(Guarded("no-trouble", "the experiment could do what it wanted", history, NoTrouble), Unfit.Trouble);
        if (history.FindPhase(Phase.Names.WarmUp) is not null)
            yield return new(Guarded("steady", "the latencies were steady before it began", history, Steady), Unfit.Unsteady);
        yield return new(Guarded("samples", "there is load to judge by", history, SomeSamples), Unfit.None);
        if (history.Samples.Length > 0)
            yield return new(Guarded(ScheduleKept.Name, "the load was sent when it was due", history, ScheduleKept.Check), Unfit.Schedule);
        if (history.FindPhase(Phase.Names.Baseline) is not null)
            yield return new(Guarded(BaselineFit.Name, "without a fault the objectives are met", history, BaselineFit.Check), Unfit.Baseline);
    }

    private static Finding Guarded(string name, string text, History history, Func<History, Expectation, Finding> check)
    {
        var expectation = Terms.New(name, text, "default") with { Evidence = true };
        try
        {
            return check(history, expectation);
        }
        // As with the claims: a broken check is never a pass.
        catch (Exception fault)
        {
            return expectation.Inconclusive($"the check failed: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static Finding SomeSamples(History history, Expectation expectation)
    {
        var count = history.Samples.Count(sample => sample.Fate != Fate.Cut);
        return count > 0
            ? expectation.Holds($"{Figures.Count(count)} requests were sent", $"{Figures.Count(count)} requests", count)
            : expectation.Inconclusive("no request was sent; without load nothing can be said", "0 requests");
    }

    private static Finding Steady(History history, Expectation expectation) =>
        history.Happenings.FirstOrDefault(happening => happening.Kind == Happening.Kinds.Unsteady) is { } unsteady
            ? expectation.Inconclusive(unsteady.Text, "not steady")
            : expectation.Holds("the latencies were steady", "steady", 0);

    private static Finding NoTrouble(History history, Expectation expectation)
    {
        var trouble = history.Happenings.Where(happening => happening.Kind == Happening.Kinds.Trouble).ToList();
        return trouble.Count == 0
            ? expectation.Holds("no trouble was recorded", "no trouble", 0)
            : expectation.Inconclusive(trouble[0].Text, "trouble", trouble.Count);
    }
}
