using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Contracts.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Launching;
using Mainstay.Supervisor.Releases;

namespace Mainstay.Supervisor.Replicas;

/// <summary>What exactly is launched: for a replica, and for the steps of a release.</summary>
/// <param name="Inherited">Mainstay's own environment.</param>
/// <param name="OwnVariables">Those that concern Mainstay alone: names, or beginnings that end in <c>*</c>.</param>
internal sealed record LaunchPlan(IReadOnlyDictionary<string, string> Inherited, IReadOnlyCollection<string> OwnVariables)
{
    private static readonly InheritSpec InheritAll = new(InheritKind.All, []);

    /// <summary>Fails with a <see cref="LaunchException"/> if the service's <c>env_file</c> cannot be read.</summary>
    public LaunchSpec ForReplica(string replica, Release release, int? port) => new(
        replica,
        port is { } number ? [.. release.Spec.Command.Select(word => word.Replace("{port}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))] : release.Spec.Command,
        release.Directory,
        Of(release.Spec, release.Dependencies, release.Spec.Inherit).ForReplica(release.Spec.Name, replica, release.Number, port));

    public LaunchSpec ForBuild(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies) =>
        new($"{spec.Name} build", spec.Deploy.Build, spec.Directory, Of(spec, dependencies, InheritAll).ForStep());

    public LaunchSpec ForBefore(Release release)
    {
        var environment = Of(release.Spec, release.Dependencies, InheritAll).ForStep();
        environment["MAINSTAY_SERVICE"] = release.Spec.Name;
        environment["MAINSTAY_RELEASE"] = release.Number.ToString(CultureInfo.InvariantCulture);
        return new($"{release.Spec.Name} before", release.Spec.Deploy.Before, release.Directory, environment);
    }

    private ReplicaEnvironment Of(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, InheritSpec inherit) => new(
        Inherited,
        OwnVariables,
        inherit,
        spec.EnvironmentFile is { } file ? EnvironmentFile.Read(file) : ImmutableDictionary<string, string>.Empty,
        spec.Environment,
        dependencies.Where(dependency => dependency.Variable is not null).ToDictionary(dependency => dependency.Variable!, dependency => dependency.Url, StringComparer.Ordinal));
}
