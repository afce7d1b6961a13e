using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Statistics;

/// <summary>How sure a statistical verdict is: one-sided 95 %, divided among the looks that the plan allows (Bonferroni).</summary>
internal static class Confidence
{
    /// <summary>Probability of a wrong verdict that is accepted.</summary>
    public const double Doubt = 0.05;

    public static double Of(History history) => 1 - (Doubt / Math.Max(1, history.Looks));
}
