using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// At most a ratio of the requests fails: Clopper–Pearson, one-sided. Words: <c>streams</c>, <c>phase</c>. Numbers: <c>target</c> (ratio that may fail,
/// 0–0.5), <c>allow_shed</c> (1: what was refused on purpose is neither success nor failure).
/// </summary>
internal static class FailureRate
{
    public const string Name = "failure-rate";

    /// <param name="target">The ratio that may fail, such as 0.001 for an availability of 99.9 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is no ratio of failures: above 0.5 it would be met by almost anything.</exception>
    public static Expectation Expect(string text, string from, string streams, string phase, double target, bool allowShed = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target, 0.5);
        return Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Target, target)
            .With(Terms.AllowShed, allowShed);
    }
}
