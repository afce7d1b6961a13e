using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Every refusal (503, 429) carries Retry-After, and a quantile of them comes in time. Words: <c>streams</c>, <c>phase</c>. Numbers: <c>seconds</c>,
/// <c>quantile</c> (0.5–1, exclusive).
/// </summary>
internal static class Refusals
{
    public const string Name = "refusals";

    public static Expectation Expect(string text, string from, string streams, string phase, double seconds = 0.1, double quantile = 0.99)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantile, 0.5);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, 1);
        return Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Seconds, seconds)
            .With(Terms.Quantile, quantile);
    }
}
