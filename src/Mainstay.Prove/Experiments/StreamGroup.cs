using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments;

/// <summary>The requests that something is alike of: a claim of their own, so that the laxest promise does not excuse the others.</summary>
/// <param name="Key">What is alike.</param>
/// <param name="Streams">As a <see cref="StreamFilter"/>.</param>
/// <param name="Names">Null: all that are asked about.</param>
/// <param name="Share">How many they are of all that are asked about, as a ratio.</param>
/// <param name="Route">Of the first of them.</param>
internal sealed record StreamGroup<T>(T Key, string Streams, string? Names, double Share, RouteSpec Route)
{
    /// <summary>For a text that names them where there are others.</summary>
    public string OfThem => Names is null ? "" : $" of {Names}";

    /// <param name="scope">Whose requests are sent.</param>
    /// <param name="streams">Those that are asked about, as a filter.</param>
    /// <param name="keyOf">What is to be alike.</param>
    public static List<StreamGroup<T>> Of(Scope scope, string streams, Func<LoadStream, T> keyOf)
    {
        var asked = Enumerable.Range(0, scope.Sent.Length).Where(i => StreamFilter.Applies(streams, scope.Sent[i].Stream, i)).ToList();
        var groups = asked.GroupBy(i => keyOf(scope.Sent[i].Stream)).ToList();
        return [.. groups.Select(group => new StreamGroup<T>(
            group.Key,
            groups.Count == 1 ? streams : $"#{string.Join(',', group)}",
            groups.Count == 1 ? null : string.Join(", ", group.Select(i => scope.Sent[i].Stream.Name)),
            (double)group.Count() / asked.Count,
            scope.Sent[group.First()].Route))];
    }
}
