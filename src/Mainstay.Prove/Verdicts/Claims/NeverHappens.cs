using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>Something is not seen. Words: <c>kind</c>, <c>phase</c> (without it: at any time).</summary>
internal static class NeverHappens
{
    public const string Name = "never-happens";

    public static Expectation Expect(string text, string from, string kind, string? phase = null) =>
        Terms.New(Name, text, from).With(Terms.Kind, kind).With(Terms.Phase, phase);
}
