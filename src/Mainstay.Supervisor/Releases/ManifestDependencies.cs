using System.Collections.Immutable;
using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Releases;

internal static class ManifestDependencies
{
    /// <summary>The dependencies that a service needs, in the manifest's order.</summary>
    public static ImmutableArray<DependencySpec> DependenciesOf(this ManifestSpec manifest, ServiceSpec spec) =>
        [.. manifest.Dependencies.Where(dependency => spec.Needs.Any(need => need.Dependency == dependency.Name))];
}
