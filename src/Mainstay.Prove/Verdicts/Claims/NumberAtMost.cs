using Mainstay.Prove.Recording;

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
}
