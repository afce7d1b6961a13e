using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Something is seen. Words: <c>kind</c>, <c>number</c> (of the happening, to be summed), <c>hint</c> (why it may not be seen). Numbers: <c>least</c>
/// (happenings), <c>number_least</c> (sum).
/// </summary>
internal static class Happens
{
    public const string Name = "happens";

    /// <param name="evidence">True: a sign that the fault bit; unmet, the experiment is inconclusive and not violated.</param>
    public static Expectation Expect(
        string text, string from, string kind, int least = 1, string? numberName = null, double? numberLeast = null, bool evidence = false,
        string? hint = null) =>
        Terms.New(Name, text, from).With(Terms.Kind, kind).With(Terms.Least, least).With(Terms.Number, numberName).With(Terms.NumberLeast, numberLeast)
            .With(Terms.Hint, hint)
            with
        { Evidence = evidence };

    public static Finding Check(History history, Expectation expectation)
    {
        var kind = expectation.WordOf(Terms.Kind);
        var least = (int)expectation.NumberOf(Terms.Least);
        var seen = history.Happenings.Where(happening => happening.Kind == kind).ToList();
        var number = $"{seen.Count} × {kind}";
        if (seen.Count < Math.Max(1, least))
        {
            var hint = expectation.FindWord(Terms.Hint) is { } why ? $"; {why}" : "";
            return expectation.Violated($"'{kind}' was seen {Figures.Times(seen.Count)}, {least} were asked for{hint}", number, seen.Count);
        }
        if (expectation.FindWord(Terms.Number) is not { } name || expectation.FindNumber(Terms.NumberLeast) is not { } leastSum)
            return expectation.Holds($"'{kind}' was seen {Figures.Times(seen.Count)}: {seen[0].Text}", number, seen.Count);

        var sum = seen.Sum(happening => happening.Numbers.GetValueOrDefault(name));
        number = $"{name} {Figures.Digits(sum)}";
        var finding = sum >= leastSum
            ? expectation.Holds($"'{kind}' was seen with {number}, at least {Figures.Digits(leastSum)} was asked for: {seen[0].Text}", number, seen.Count)
            : expectation.Violated($"'{kind}' was seen with {number} only, {Figures.Digits(leastSum)} was asked for", number, seen.Count);
        return finding with { Seen = sum, Target = leastSum };
    }
}
