using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// One number counted with happenings stays in proportion to another: Σ numerator ≤ ratio · Σ denominator + Σ floor. Words: <c>kind</c>,
/// <c>numerator</c>, <c>denominator</c> (names of numbers). Numbers: <c>ratio</c>, <c>floor</c> (for each happening).
/// </summary>
internal static class RatioAtMost
{
    public const string Name = "ratio-at-most";

    public static Expectation Expect(
        string text, string from, string kind, string numerator, string denominator, double ratio, double floor = 0) =>
        Terms.New(Name, text, from).With(Terms.Kind, kind).With(Terms.Numerator, numerator).With(Terms.Denominator, denominator)
            .With(Terms.Ratio, ratio).With(Terms.Floor, floor);

    /// <summary>As with <see cref="NumberAtMost"/>, only trouble of the experiment explains too much.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var kind = expectation.WordOf(Terms.Kind);
        var (above, below) = (expectation.WordOf(Terms.Numerator), expectation.WordOf(Terms.Denominator));
        var ratio = expectation.NumberOf(Terms.Ratio);
        var counted = history.Happenings
            .Where(happening => happening.Kind == kind && happening.Numbers.ContainsKey(above) && happening.Numbers.ContainsKey(below)).ToList();
        var floor = expectation.NumberOf(Terms.Floor) * counted.Count;
        var numerator = counted.Sum(happening => happening.Numbers[above]);
        var denominator = counted.Sum(happening => happening.Numbers[below]);
        if (counted.Find(happening => double.IsNaN(happening.Numbers[above] + happening.Numbers[below])) is { } uncounted)
            return expectation.Inconclusive($"'{above}' and '{below}' could not be counted: {uncounted.Text}", samples: counted.Count);
        var number = $"{Figures.Digits(numerator)} {above} of {Figures.Digits(denominator)} {below}";
        var allowed = (ratio * denominator) + floor;
        var reason = $"{number}, {Figures.Digits(allowed)} is allowed ({Figures.Digits(ratio)} × {Figures.Digits(denominator)} + {Figures.Digits(floor)})";
        var finding =
            counted.Count == 0 ? expectation.Inconclusive($"'{above}' and '{below}' were not counted: no '{kind}' was recorded with them")
            : numerator > allowed + 1e-9 ? expectation.Violated(reason, number, counted.Count) with { ExplainedBy = Unfit.Trouble }
            : denominator <= 0 ? expectation.Inconclusive($"there were no {below}, so their ratio says nothing", number, counted.Count)
            : expectation.Holds(reason, number, counted.Count);
        return denominator > 0 ? finding with { Seen = numerator / denominator, Target = ratio } : finding;
    }
}
