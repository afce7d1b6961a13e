using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>What a run returns to its caller: a pipeline may go on only on 0.</summary>
internal static class ProveExitCode
{
    public const int Holds = 0;
    public const int Inconclusive = 3;
    public const int Violated = 99;

    /// <summary>The worst counts; a run without experiments shows nothing.</summary>
    public static int Of(IEnumerable<Verdict> verdicts) => verdicts.Append(Verdict.Holds).Max() switch
    {
        Verdict.Violated => Violated,
        Verdict.Inconclusive => Inconclusive,
        _ => verdicts.Any() ? Holds : Inconclusive,
    };
}
