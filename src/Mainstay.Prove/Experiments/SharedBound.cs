using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments;

/// <summary>A bound, and the requests that it holds for. Each bound is a claim of its own: the laxest must not excuse the others.</summary>
/// <param name="Seconds">The bound.</param>
/// <param name="IsObjective">It is the p99 objective of their routes.</param>
/// <param name="Streams">As a <see cref="StreamFilter"/>.</param>
/// <param name="Names">Null: all that are asked about.</param>
/// <param name="Share">How many they are of all that are asked about, as a ratio.</param>
/// <param name="Route">Of the first of them.</param>
internal sealed record SharedBound(double Seconds, bool IsObjective, string Streams, string? Names, double Share, RouteSpec Route)
{
    /// <param name="scope">Whose requests are sent.</param>
    /// <param name="streams">Those that are asked about, as a filter.</param>
    /// <param name="boundOf">The bound of each.</param>
    public static IEnumerable<SharedBound> Of(Scope scope, string streams, Func<LoadStream, (double Seconds, bool IsObjective)> boundOf)
    {
        var asked = Enumerable.Range(0, scope.Sent.Length).Where(i => StreamFilter.Applies(streams, scope.Sent[i].Stream, i)).ToList();
        var groups = asked.GroupBy(i => boundOf(scope.Sent[i].Stream)).ToList();
        return groups.Select(group => new SharedBound(
            group.Key.Seconds, group.Key.IsObjective,
            groups.Count == 1 ? streams : $"#{string.Join(',', group)}",
            groups.Count == 1 ? null : string.Join(", ", group.Select(i => scope.Sent[i].Stream.Name)),
            (double)group.Count() / asked.Count,
            scope.Sent[group.First()].Route));
    }

    /// <summary>Where it comes from; <paramref name="otherwise"/> where it is no objective.</summary>
    public string From(ManifestSpec manifest, string otherwise) =>
        IsObjective ? Origin.Of(manifest, Route, "objective.latency.p99", Route.Objective.LatencyP99, TimeSpan.FromSeconds(1)) : otherwise;
}
