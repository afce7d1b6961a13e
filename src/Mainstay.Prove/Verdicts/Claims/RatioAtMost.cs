using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// One number counted with happenings stays in proportion to another: Σ numerator ≤ ratio · Σ denominator + floor. Words: <c>kind</c>,
/// <c>numerator</c>, <c>denominator</c> (names of numbers). Numbers: <c>ratio</c>, <c>floor</c>.
/// </summary>
internal static class RatioAtMost
{
    public const string Name = "ratio-at-most";

    public static Expectation Expect(
        string text, string from, string kind, string numerator, string denominator, double ratio, double floor = 0) =>
        Terms.New(Name, text, from).With(Terms.Kind, kind).With(Terms.Numerator, numerator).With(Terms.Denominator, denominator)
            .With(Terms.Ratio, ratio).With(Terms.Floor, floor);
}
