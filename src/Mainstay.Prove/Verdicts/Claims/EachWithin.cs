using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// No single request takes longer; 50 ms and 5 % are tolerated. Words: <c>streams</c>, <c>phase</c>, <c>measure</c> (<c>head</c>: until the head of the
/// answer, <c>end</c>: until its end), <c>start</c> and <c>end</c> (kinds; only requests scheduled between them count). Numbers: <c>seconds</c>,
/// <c>start_after_seconds</c> (this much later than <c>start</c>), <c>least</c> (requests that are enough).
/// </summary>
internal static class EachWithin
{
    public const string Name = "each-within";

    public const string Head = "head";
    public const string End = "end";

    public static Expectation Expect(
        string text, string from, string streams, string phase, double seconds, string measure = Head, string? startKind = null,
        double startAfterSeconds = 0, string? endKind = null, int least = 299) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Seconds, seconds).With(Terms.Measure, measure)
            .With(Terms.Start, startKind).With(Terms.StartAfter, startAfterSeconds).With(Terms.End, endKind).With(Terms.Least, least);
}
