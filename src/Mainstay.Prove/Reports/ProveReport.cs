using System.Collections.Immutable;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>What a run of <c>prove</c> has to say.</summary>
/// <param name="Manifest">Its name, for people.</param>
/// <param name="StartedAt">Wall clock.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Seed">Of all chance in it.</param>
/// <param name="BudgetSeconds">What it was allowed to take.</param>
/// <param name="Machine">One line: processors, memory, kernel.</param>
/// <param name="MainstayVersion">The version that judged.</param>
/// <param name="Experiments">In the order in which they ran.</param>
/// <param name="LeftOut">Routes that no load was sent to, and experiments that were not run.</param>
internal sealed record ProveReport(
    string Manifest,
    DateTimeOffset StartedAt,
    double Seconds,
    ulong Seed,
    double BudgetSeconds,
    string Machine,
    string MainstayVersion,
    ImmutableArray<ExperimentReport> Experiments,
    ImmutableArray<LeftOut> LeftOut)
{
    /// <summary>Of the run: the worst counts; without experiments inconclusive.</summary>
    public Verdict Verdict => Experiments.IsEmpty ? Verdict.Inconclusive : Experiments.Max(experiment => experiment.Verdict);

    public int Count(Verdict verdict) => Experiments.Count(experiment => experiment.Verdict == verdict);

    /// <summary>Pillars in the order of the product, then others by name; within one the worst experiments first.</summary>
    public IEnumerable<IGrouping<string, ExperimentReport>> ByPillar() => Experiments
        .OrderByDescending(experiment => experiment.Verdict)
        .GroupBy(experiment => experiment.Pillar)
        .OrderBy(pillar => Pillars.IndexOf(pillar.Key) is var index and >= 0 ? index : int.MaxValue)
        .ThenBy(pillar => pillar.Key, StringComparer.Ordinal);

    private static readonly ImmutableArray<string> Pillars =
        ["platform", "communication", "scalability", "lifecycle", "observability", "security", "resilience"];
}
