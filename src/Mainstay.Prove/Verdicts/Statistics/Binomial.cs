using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Mainstay.Prove.Verdicts.Statistics;

/// <summary>Tails of the binomial distribution and the exact bounds that follow from them (Clopper and Pearson, Biometrika 1934).</summary>
internal static class Binomial
{
    /// <summary>Probability of at most <paramref name="hits"/> in <paramref name="trials"/>, each with <paramref name="probability"/>.</summary>
    public static double AtMost(int hits, int trials, double probability) =>
        hits < 0 ? 0 : hits >= trials ? 1 : SpecialFunctions.BetaRegularized(trials - hits, hits + 1.0, 1 - probability);

    /// <summary>Probability of at least so many.</summary>
    public static double AtLeast(int hits, int trials, double probability) =>
        hits <= 0 ? 1 : hits > trials ? 0 : SpecialFunctions.BetaRegularized(hits, trials - hits + 1.0, probability);

    /// <summary>One-sided: the true rate is below it with at least this confidence (0.5–1).</summary>
    public static double UpperBound(int hits, int trials, double confidence) =>
        hits >= trials ? 1 : Beta.InvCDF(hits + 1.0, trials - hits, confidence);

    /// <summary>One-sided: the true rate is above it.</summary>
    public static double LowerBound(int hits, int trials, double confidence) =>
        hits <= 0 ? 0 : Beta.InvCDF(hits, trials - hits + 1.0, 1 - confidence);
}
