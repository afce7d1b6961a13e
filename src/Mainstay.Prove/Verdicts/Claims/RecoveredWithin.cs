using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// After the last happening of a kind, the requests are back within their objectives in time: five consecutive windows of one second meet them. Words:
/// <c>streams</c>, <c>start</c> (kind). Numbers: <c>seconds</c> until the first of those windows begins.
/// </summary>
internal static class RecoveredWithin
{
    public const string Name = "recovered-within";

    public static Expectation Expect(string text, string from, string streams, string startKind, double seconds) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Start, startKind).With(Terms.Seconds, seconds);
}
