using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>No two routes match the same requests equally well: which one wins would be a matter of luck.</summary>
internal static class RouteMatches
{
    public static void Check(Draft draft, FindingList findings)
    {
        var seen = new Dictionary<(string Path, string? Host), List<RouteDraft>>();
        foreach (var route in draft.Routes)
        {
            if (!route.Text.TryGet(RouteKeys.Path, out var path) || route.Text.IsBroken(RouteKeys.Host) || route.Text.IsBroken(RouteKeys.Methods))
                continue;
            if (!seen.TryGetValue((path, route.Spec.Host), out var others))
                seen[(path, route.Spec.Host)] = others = [];
            if (others.Find(other => Overlap(other, route)) is { } first)
                findings.Error(route.Text.At(RouteKeys.Path), $"the route on line {first.Spec.Line} matches the same requests; tell them apart by path, host or methods, or remove one");
            others.Add(route);
        }
    }

    /// <summary>A route that names methods is more specific than one that takes any.</summary>
    private static bool Overlap(RouteDraft a, RouteDraft b) =>
        a.Spec.Methods.IsEmpty ? b.Spec.Methods.IsEmpty : a.Spec.Methods.Intersect(b.Spec.Methods).Any();
}
