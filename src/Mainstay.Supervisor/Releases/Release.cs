using System.Collections.Immutable;
using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Releases;

/// <summary>What replicas run: a spec and the files it runs on. Never changed once made.</summary>
/// <param name="Number">1, 2, 3 … for each service.</param>
/// <param name="Created">When.</param>
/// <param name="Spec">The service as it was written then.</param>
/// <param name="Dependencies">Those that the service needs, as they were written then.</param>
/// <param name="Fingerprint">Of all in the spec that makes new processes necessary.</param>
/// <param name="ArtifactFingerprint">Of the files; null when run in place.</param>
/// <param name="Snapshot">Absolute path of its own copy of the artifact; null when run in place.</param>
internal sealed record Release(
    int Number,
    DateTimeOffset Created,
    ServiceSpec Spec,
    ImmutableArray<DependencySpec> Dependencies,
    string Fingerprint,
    string? ArtifactFingerprint,
    string? Snapshot)
{
    /// <summary>Where its commands run.</summary>
    public string Directory => Snapshot ?? Spec.Directory;
}
