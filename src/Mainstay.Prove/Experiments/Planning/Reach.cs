using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>What may be broken or loaded: dependencies on loopback, those with a url for <c>prove</c>, and those allowed by name.</summary>
/// <param name="manifest">As written.</param>
/// <param name="allowed">By name, on the command line.</param>
internal sealed class Reach(ManifestSpec manifest, ImmutableArray<string> allowed)
{
    public bool Has(string dependency) => UrlOf(dependency) is not null;

    /// <summary>Where it is for the experiments; null: out of reach.</summary>
    public string? UrlOf(string dependency)
    {
        if (manifest.Dependencies.FirstOrDefault(known => known.Name == dependency) is not { } found)
            return null;
        return found.Prove ?? (IsLoopback(found.Url) || allowed.Contains(dependency) ? found.Url : null);
    }

    public string WhyNot(string dependency) =>
        $"{HostOf(manifest.Dependencies.FirstOrDefault(known => known.Name == dependency)?.Url)} is not loopback; give {dependency} a `prove:` url, or say --allow {dependency}";

    public static bool IsLoopback(Uri url) => url.IsLoopback;

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.IsLoopback || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Without what may be secret in a url.</summary>
    private static string HostOf(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0 ? parsed.Host : "it";
}
