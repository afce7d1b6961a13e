using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts;

/// <summary>Makes findings of expectations.</summary>
internal static class Findings
{
    public static Finding Holds(this Expectation expectation, string reason, string number, int samples) =>
        Of(expectation, Verdict.Holds, reason, number, samples);

    public static Finding Violated(this Expectation expectation, string reason, string number, int samples) =>
        Of(expectation, Verdict.Violated, reason, number, samples);

    /// <param name="enough">How many samples in all could decide; null when more would not help.</param>
    public static Finding Inconclusive(this Expectation expectation, string reason, string number = "–", int samples = 0, int? enough = null) =>
        Of(expectation, Verdict.Inconclusive, reason, number, samples) with { Enough = enough };

    /// <summary>With the outcome of a test on a rate.</summary>
    public static Finding Tested(this Expectation expectation, RateTest test, string reason, string number, int samples) =>
        Of(expectation, test.Verdict, reason, number, samples) with { PValue = test.PValue, Enough = test.Enough };

    private static Finding Of(Expectation expectation, Verdict verdict, string reason, string number, int samples) =>
        new(expectation.Claim, expectation.Text, expectation.From, verdict, reason, number, samples, expectation.Evidence);
}
