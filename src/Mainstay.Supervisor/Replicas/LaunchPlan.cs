using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Launching;
using Mainstay.Supervisor.Releases;

namespace Mainstay.Supervisor.Replicas;

/// <summary>What exactly is launched for a replica of a release.</summary>
internal static class LaunchPlan
{
    public static LaunchSpec For(string replica, Release release, int? port) => new(
        replica,
        [.. release.Spec.Command.Select(word => port is { } number ? word.Replace("{port}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : word)],
        release.Directory,
        ImmutableDictionary<string, string>.Empty);

    public static LaunchSpec ForBuild(ServiceSpec spec) => new($"{spec.Name} build", spec.Deploy.Build, spec.Directory, ImmutableDictionary<string, string>.Empty);

    public static LaunchSpec ForBefore(Release release) => new($"{release.Spec.Name} before", release.Spec.Deploy.Before, release.Directory, ImmutableDictionary<string, string>.Empty);
}
