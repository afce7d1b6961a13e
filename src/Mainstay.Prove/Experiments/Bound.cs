using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments;

/// <summary>How long requests may take.</summary>
/// <param name="Seconds">That long.</param>
/// <param name="IsObjective">It is the p99 objective of their routes.</param>
internal readonly record struct Bound(double Seconds, bool IsObjective)
{
    /// <summary>Where it comes from; <paramref name="otherwise"/> where it is no objective.</summary>
    public string From(ManifestSpec manifest, RouteSpec route, string otherwise) =>
        IsObjective ? Origin.Of(manifest, route, "objective.latency.p99", route.Objective.LatencyP99, TimeSpan.FromSeconds(1)) : otherwise;
}
