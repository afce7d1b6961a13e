using System.Collections.Immutable;
using Mainstay.Manifest.Reading;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>Whether what was asked for by name can be done at all; each answer is null, or what is wrong in one line.</summary>
internal static class Wanted
{
    public static string? UnknownName(IReadOnlyCollection<string> only, IEnumerable<IExperiment> experiments)
    {
        var known = experiments.Select(experiment => experiment.Name).ToList();
        if (only.FirstOrDefault(name => !known.Contains(name)) is not { } unknown)
            return null;
        return $"there is no experiment '{Shown.Text(unknown)}'; " + (NearestKey.Of(unknown, known) is { } nearest
            ? $"did you mean {nearest}?"
            : $"there are: {string.Join(", ", known)}");
    }

    /// <summary>The budget allows none of what applies.</summary>
    public static string? TooLittle(TimeSpan budget, ProvePlan plan)
    {
        if (!plan.Runs.IsEmpty || plan.Left.MinBy(run => run.Length) is not { } shortest)
            return null;
        var needed = Math.Ceiling((ProvePlan.Preparation + shortest.Length).TotalSeconds);
        return $"--budget {budget.TotalSeconds:0.###}s allows no experiment: {shortest.Title}, {(plan.Left.Length == 1 ? "the only one" : "the shortest")}, takes {needed:0} s with the start; "
            + $"give at least --budget {needed:0}s. Nothing was started";
    }

    /// <summary>Nothing that was asked for by name applies to this manifest.</summary>
    public static string? NothingToDo(IReadOnlyCollection<string> only, ProvePlan plan, ImmutableArray<LeftOut> routes) =>
        only.Count == 0 || !plan.Runs.IsEmpty || !plan.Left.IsEmpty
            ? null
            : $"nothing of what --only names can be run: {string.Join("; ", plan.Refused.Concat(routes).Select(left => $"{left.What}: {left.Reason}"))}";
}
