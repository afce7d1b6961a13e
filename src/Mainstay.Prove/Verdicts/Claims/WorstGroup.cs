using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>The one of several groups of requests that surely has more hits than it may, if one has: each is tested the more strictly, the more they are (Bonferroni).</summary>
/// <param name="Index">Of the groups as given.</param>
/// <param name="Groups">How many they are.</param>
/// <param name="Target">The ratio of hits that each may have.</param>
internal sealed record WorstGroup(int Index, RateTest Test, int Groups, double Target)
{
    /// <summary>Null: none has.</summary>
    public static WorstGroup? Of(IReadOnlyList<(int Hits, int Count)> groups, double target, double confidence)
    {
        var worst = groups.Select((group, index) => new WorstGroup(
            index, RateTest.Of(group.Hits, group.Count, target, 1 - ((1 - confidence) / groups.Count)), groups.Count, target)).MinBy(one => one.Test.PValue);
        return worst?.Test.Verdict == Verdict.Violated ? worst : null;
    }

    public Finding Violated(Expectation expectation, string reason, string number, int samples) => expectation.Violated(reason, number, samples) with
    {
        PValue = Math.Min(1, Test.PValue * Groups),
        Seen = Test.Seen,
        Lower = Test.Lower,
        Upper = Test.Upper,
        Target = Target,
    };
}
