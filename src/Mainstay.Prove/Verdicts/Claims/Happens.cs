using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Something is seen. Words: <c>kind</c>, <c>number</c> (of the happening, to be summed). Numbers: <c>least</c> (happenings), <c>number_least</c> (sum).
/// </summary>
internal static class Happens
{
    public const string Name = "happens";

    /// <param name="evidence">True: a sign that the fault bit; unmet, the experiment is inconclusive and not violated.</param>
    public static Expectation Expect(
        string text, string from, string kind, int least = 1, string? numberName = null, double? numberLeast = null, bool evidence = false) =>
        Terms.New(Name, text, from).With(Terms.Kind, kind).With(Terms.Least, least).With(Terms.Number, numberName).With(Terms.NumberLeast, numberLeast)
            with { Evidence = evidence };
}
