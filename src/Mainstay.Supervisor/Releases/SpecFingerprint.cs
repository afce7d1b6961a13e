using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Releases;

/// <summary>
/// A fingerprint of all in a service's spec that a running process cannot take over. <c>replicas</c> (scaled), the times of <c>health</c>,
/// <c>stop</c>, <c>memory</c> and the steps of <c>deploy</c> (taken over by running replicas) are left out. What <c>health</c> asks belongs to it:
/// replicas that serve must not be judged by a question that no new one has answered yet.
/// </summary>
internal static class SpecFingerprint
{
    public static string Of(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies)
    {
        var parts = new
        {
            spec.Command,
            spec.Directory,
            spec.Port,
            spec.Protocol,
            spec.Environment,
            EnvironmentFile = FileHash(spec.EnvironmentFile),
            spec.Inherit.Kind,
            spec.Inherit.Names,
            spec.Health.Ready,
            spec.Health.Live,
            spec.Deploy.Artifact,
            Dependencies = dependencies.Where(dependency => dependency.Variable is not null).Select(dependency => new { dependency.Variable, dependency.Url }),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts)));
    }

    private static string? FileHash(string? file)
    {
        if (file is null || !File.Exists(file))
            return null;
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
