using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// What fails is answered 503 in time (50 ms and 5 % are tolerated): never hung, reset, or answered otherwise. Words: <c>streams</c>, <c>phase</c>.
/// Numbers: <c>seconds</c>, <c>least</c> (requests that are enough, failed or not).
/// </summary>
internal static class FailsFast
{
    public const string Name = "fails-fast";

    public static Expectation Expect(string text, string from, string streams, string phase, double seconds, int least = 299) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Seconds, seconds).With(Terms.Least, least);
}
