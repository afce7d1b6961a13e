using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Requests that have nothing to do with the fault are as before: in most windows of phase <c>fault</c> the p99 is at most max(factor × baseline,
/// baseline + plus), where the baseline is the median over its windows; and they fail no more than their objective allows. Words: <c>streams</c>.
/// Numbers: <c>factor</c>, <c>plus_seconds</c>.
/// </summary>
internal static class Unharmed
{
    public const string Name = "unharmed";

    public static Expectation Expect(string text, string from, string streams, double factor = 1.25, double plusSeconds = 0.005) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Factor, factor).With(Terms.Plus, plusSeconds);
}
