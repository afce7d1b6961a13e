using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// A quantile of the latency is at most so long: a binomial bound on the share of slower requests. Words: <c>streams</c>, <c>phase</c>. Numbers:
/// <c>quantile</c> (0.5–1, exclusive), <c>seconds</c>.
/// </summary>
internal static class LatencyQuantile
{
    public const string Name = "latency";

    public static Expectation Expect(string text, string from, string streams, string phase, double quantile, double seconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantile, 0.5);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, 1);
        return Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Quantile, quantile)
            .With(Terms.Seconds, seconds);
    }
}
