using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;

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

    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var quantile = expectation.NumberOf(Terms.Quantile);
        var seconds = expectation.NumberOf(Terms.Seconds);
        return Starvation.Check(
            history, [.. history.RequestsOf(expectation, phase)], samples => Check(history, expectation, Latencies.Ascending(samples), quantile, seconds));
    }

    private static Finding Check(History history, Expectation expectation, long[] latencies, double quantile, double seconds)
    {
        var confidence = Confidence.Of(history);
        var slow = latencies.Count(latency => latency > seconds * 1e6);
        var test = RateTest.Of(slow, latencies.Length, 1 - quantile, confidence);
        var name = $"p{Figures.Digits(quantile * 100)}";
        var seen = Quantiles.Of(latencies, quantile);
        var number = seen is { } value ? $"{name} {Figures.Seconds(Latencies.Seconds(value))}" : "–";
        var shown = $"{Figures.Count(slow)} of {Figures.Count(latencies.Length)} requests took longer than {Figures.Seconds(seconds)}, {number}";
        var reason = test.Verdict switch
        {
            Verdict.Holds => $"{shown}: at most {Figures.Percent(test.Upper)} do, {Figures.Percent(1 - quantile)} may",
            Verdict.Violated => $"{shown}: at least {Figures.Percent(test.Lower)} do, {Figures.Percent(1 - quantile)} may",
            _ when latencies.Length == 0 => "no request was answered",
            _ when test.Enough is { } enough => $"{shown}: too few to tell; {Figures.Count(enough)} requests would be enough",
            _ => $"{shown}: so close to the limit that no reachable number of requests tells",
        };
        return expectation.Tested(test, reason, number, latencies.Length) with
        {
            Seen = Finite(seen),
            Lower = Finite(Quantiles.LowerBound(latencies, quantile, confidence)),
            Upper = Finite(Quantiles.UpperBound(latencies, quantile, confidence)),
            Target = seconds,
        };
    }

    private static double? Finite(long? micros) => micros is { } value and not Latencies.Endless ? value / 1e6 : null;
}
