using System.Collections.Immutable;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Checks;

/// <summary>Puts the records together, defaults filled in.</summary>
internal static class Drafts
{
    public static Draft Read(MappingNode node, string file, FindingList findings)
    {
        var directory = Path.GetDirectoryName(file)!;
        var root = new Section(node, ManifestKeys.Shape.Table, findings);
        var edgeText = root.Sub(ManifestKeys.Edge);
        var edge = EdgeKeys.ToSpec(edgeText);
        ImmutableArray<ServiceDraft> services = [.. root.Get(ManifestKeys.Services).Select(service => new ServiceDraft(ServiceKeys.ToSpec(service.Name, service.Value, directory), service.Value, service.Entry))];
        ImmutableArray<DependencyDraft> dependencies = [.. root.Get(ManifestKeys.Dependencies).Select(dependency => new DependencyDraft(DependencyKeys.ToSpec(dependency.Name, dependency.Value), dependency.Value, dependency.Entry))];
        ImmutableArray<RouteDraft> routes = [.. root.Get(ManifestKeys.Routes).Select(route => new RouteDraft(FillUses(RouteKeys.ToSpec(route, edge, directory), route, services), route))];
        var written = root.IsWritten(ManifestKeys.Routes);
        var spec = new ManifestSpec(
            root.Get(ManifestKeys.Name) ?? NameOf(directory),
            directory,
            file,
            edge,
            [.. services.Select(service => service.Spec)],
            [.. dependencies.Select(dependency => dependency.Spec)],
            written ? [.. routes.Select(route => route.Spec)] : DefaultRoutes(root, services, edge, directory));
        return new(spec, root, edgeText, services, dependencies, routes, KeysOf(root, ManifestKeys.Services), KeysOf(root, ManifestKeys.Dependencies));
    }

    public static ManifestSpec ForCommand(string directory, string name, IReadOnlyList<string> command, int replicas)
    {
        var edge = EdgeKeys.ToSpec(Section.Empty);
        var service = ServiceKeys.ToSpec(name, Section.Empty, directory) with { Command = [.. command], Replicas = replicas };
        return new(NameOf(directory), directory, null, edge, [service], [], [RouteTo(service, Section.Empty, edge, directory)]);
    }

    /// <summary>Everything to the only service with a port, by the defaults for routes.</summary>
    private static ImmutableArray<RouteSpec> DefaultRoutes(Section root, ImmutableArray<ServiceDraft> services, EdgeSpec edge, string directory)
    {
        var reachable = services.Where(service => service.Spec.HasPort).ToArray();
        return reachable is [var only] ? [RouteTo(only.Spec, root.Sub(ManifestKeys.Defaults).Sub(ManifestKeys.RouteDefaults), edge, directory)] : [];
    }

    private static RouteSpec RouteTo(ServiceSpec service, Section defaults, EdgeSpec edge, string directory) => RouteKeys.ToSpec(defaults, edge, directory) with
    {
        Service = service.Name,
        Redirect = null,
        Uses = defaults.IsWritten(RouteKeys.Uses) ? defaults.Get(RouteKeys.Uses) : [.. service.Needs.Select(need => need.Dependency)],
        Line = 0,
    };

    /// <summary>An empty list that was written means what it says.</summary>
    private static RouteSpec FillUses(RouteSpec route, Section text, ImmutableArray<ServiceDraft> services)
    {
        var service = services.FirstOrDefault(service => service.Spec.Name == route.Service);
        return !text.IsWritten(RouteKeys.Uses) && service is not null ? route with { Uses = [.. service.Spec.Needs.Select(need => need.Dependency)] } : route;
    }

    private static string NameOf(string directory) => Path.GetFileName(directory) is { Length: > 0 } name ? name : "app";

    private static List<string> KeysOf(Section root, Field field) =>
        root.At(field) is MappingNode mapping && root.IsWritten(field) ? [.. mapping.Entries.Select(entry => entry.Key)] : [];
}
