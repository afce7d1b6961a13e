using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>The user's manifest as the laboratory runs it: other ports, another state folder, dependencies through proxies; everything else as it is.</summary>
internal static class LabManifest
{
    /// <param name="manifest">As written.</param>
    /// <param name="folder">Where it runs and keeps its state.</param>
    /// <param name="file">Where it is written.</param>
    /// <param name="urls">Urls of dependencies by name, where they differ.</param>
    /// <param name="isFree">Whether a port is free: an application that insists on one gets it.</param>
    public static ManifestSpec Of(
        ManifestSpec manifest, string folder, string file, IReadOnlyDictionary<string, string> urls, Func<int, bool> isFree) => manifest with
        {
            Directory = folder,
            File = file,
            Edge = manifest.Edge with { Listen = [new ListenSpec("http://127.0.0.1:0", IPAddress.Loopback, 0)] },
            Services = [.. manifest.Services.Select(service => service with { Port = PortOf(service, isFree) })],
            Dependencies = [.. manifest.Dependencies.Select(dependency => dependency with { Url = urls.GetValueOrDefault(dependency.Name, dependency.Url) })],
        };

    /// <summary>After the first start there is a release: nothing is built again.</summary>
    /// <param name="manifest">As it is otherwise.</param>
    /// <param name="isRelease">It is one more release: what runs before each of them does so.</param>
    public static ManifestSpec Built(ManifestSpec manifest, bool isRelease) => manifest with
    {
        Services = [.. manifest.Services.Select(service => service with { Deploy = service.Deploy with { Build = [], Before = isRelease ? service.Deploy.Before : [] } })],
    };

    /// <summary>The same with one service changed.</summary>
    public static ManifestSpec With(ManifestSpec manifest, string service, Func<ServiceSpec, ServiceSpec> change) => manifest with
    {
        Services = [.. manifest.Services.Select(spec => spec.Name == service ? change(spec) : spec)],
    };

    /// <summary>Runs the service behind a shell that exits at once, instead of becoming the application, while a file named after the replica exists.</summary>
    /// <param name="service">As it is.</param>
    /// <param name="folder">Where those files are.</param>
    public static ServiceSpec Crashing(ServiceSpec service, string folder) => service with
    {
        Command = [.. ImmutableArray.Create("/bin/sh", "-c", """[ -e "$0/$MAINSTAY_REPLICA" ] && { echo "prove: this replica exits at once" >&2; exit 3; }; exec "$@" """.TrimEnd(), folder), .. service.Command],
    };

    private static PortSpec PortOf(ServiceSpec service, Func<int, bool> isFree) =>
        service.Port.Kind == PortKind.Fixed && (service.Command.Any(word => word.Contains("{port}", StringComparison.Ordinal)) || !isFree(service.Port.Number))
            ? new PortSpec(PortKind.Auto)
            : service.Port;
}
