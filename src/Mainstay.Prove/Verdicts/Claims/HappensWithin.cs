using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Whenever one thing happens, another follows in time. Words: <c>start</c>, <c>then</c> (kinds). Numbers: <c>seconds</c>, <c>same_subject</c> (1: only
/// a happening of the same subject counts as following).
/// </summary>
internal static class HappensWithin
{
    public const string Name = "happens-within";

    public static Expectation Expect(string text, string from, string startKind, string thenKind, double seconds, bool sameSubject = false) =>
        Terms.New(Name, text, from).With(Terms.Start, startKind).With(Terms.Then, thenKind).With(Terms.Seconds, seconds)
            .With(Terms.SameSubject, sameSubject);
}
