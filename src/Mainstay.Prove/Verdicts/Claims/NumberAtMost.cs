using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// A number counted with happenings stays small. Words: <c>kind</c>, <c>number</c> (its name). Numbers: <c>most</c>, <c>sum</c> (1: all of them together;
/// else each).
/// </summary>
internal static class NumberAtMost
{
    public const string Name = "number-at-most";

    public static Expectation Expect(string text, string from, string kind, string number, double most, bool sum = false) =>
        Terms.New(Name, text, from).With(Terms.Kind, kind).With(Terms.Number, number).With(Terms.Most, most).With(Terms.Sum, sum);

    /// <summary>Counted is counted: only trouble of the experiment, that may have spoilt the counting, explains too much of it.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var kind = expectation.WordOf(Terms.Kind);
        var name = expectation.WordOf(Terms.Number);
        var most = expectation.NumberOf(Terms.Most);
        var counted = history.Happenings.Where(happening => happening.Kind == kind && happening.Numbers.ContainsKey(name)).ToList();
        if (counted.Count == 0)
            return expectation.Inconclusive($"'{name}' was not counted: no '{kind}' was recorded with it");
        var uncounted = counted.Find(happening => double.IsNaN(happening.Numbers[name]));
        var numbers = counted.Select(happening => happening.Numbers[name]).Where(number => !double.IsNaN(number)).DefaultIfEmpty();
        var isSum = expectation.IsSet(Terms.Sum);
        var seen = isSum ? numbers.Sum() : numbers.Max();
        var number = $"{name} {Figures.Digits(seen)}";
        var reason = $"{(isSum ? "all together" : "at worst")} {number} of '{kind}', {Figures.Digits(most)} is allowed";
        // What could not be counted makes it no smaller.
        var finding =
            seen > most ? expectation.Violated(reason, number, counted.Count) with { ExplainedBy = Unfit.Trouble }
            : uncounted is not null ? expectation.Inconclusive($"'{name}' could not be counted: {uncounted.Text}", samples: counted.Count)
            : expectation.Holds(reason, number, counted.Count);
        return finding.Verdict == Verdict.Inconclusive ? finding : finding with { Seen = seen, Target = most };
    }
}
