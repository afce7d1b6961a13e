using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>Something is not seen. Words: <c>kind</c>, <c>phase</c> (without it: at any time).</summary>
internal static class NeverHappens
{
    public const string Name = "never-happens";

    public static Expectation Expect(string text, string from, string kind, string? phase = null) =>
        Terms.New(Name, text, from).With(Terms.Kind, kind).With(Terms.Phase, phase);

    /// <summary>What was seen was seen: no unfit condition explains it away.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var kind = expectation.WordOf(Terms.Kind);
        var phase = expectation.FindWord(Terms.Phase) is { } name ? history.PhaseOf(name) : null;
        var seen = history.Happenings.Where(happening => happening.Kind == kind && (phase is null || phase.Contains(happening.At))).ToList();
        var number = $"{seen.Count} × {kind}";
        return seen.Count == 0
            ? expectation.Holds($"'{kind}' was not seen", number, 0)
            : expectation.Violated($"'{kind}' was seen {Figures.Times(seen.Count)}, first at {Figures.Micros(seen[0].At)}: {seen[0].Text}", number, seen.Count)
                with
            { ExplainedBy = Unfit.None };
    }
}
