using Mainstay.Cli.State;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Cli.Proving;

/// <summary>What <c>prove</c> ends with.</summary>
internal static class ProveExit
{
    public const int Violated = 99;
    public const int Inconclusive = 3;

    public static int Of(IReadOnlyCollection<Verdict> verdicts) =>
        verdicts.Contains(Verdict.Violated) ? Violated
        : verdicts.Count == 0 || verdicts.Contains(Verdict.Inconclusive) ? Inconclusive
        : ExitCodes.Done;
}
