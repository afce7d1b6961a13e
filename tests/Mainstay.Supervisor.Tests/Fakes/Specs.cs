using System.Collections.Immutable;
using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Tests.Fakes;

/// <summary>Specs with short times.</summary>
internal static class Specs
{
    public static ServiceSpec Service(string command, int replicas = 1, string name = "web") => new(
        name,
        [.. command.Split(' ')],
        Path.GetTempPath().TrimEnd('/'),
        new PortSpec(PortKind.Auto),
        replicas,
        UpstreamProtocol.Http,
        ImmutableSortedDictionary<string, string>.Empty,
        EnvironmentFile: null,
        new InheritSpec(InheritKind.All, []),
        new HealthSpec(null, null, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(20)),
        new StopSpec("SIGTERM", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)),
        Memory: null,
        new DeploySpec([], null, [], TimeSpan.FromMilliseconds(100), Overlap: true),
        [],
        []);

    public static ManifestSpec Manifest(params ServiceSpec[] services) => new(
        "test",
        Path.GetTempPath(),
        null,
        new EdgeSpec([], [], new EdgeLimitsSpec(1, 1, 1, TimeSpan.Zero, TimeSpan.Zero), TimeSpan.Zero),
        [.. services],
        [],
        []);
}
