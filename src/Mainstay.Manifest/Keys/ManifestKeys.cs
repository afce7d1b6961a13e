using System.Collections.Immutable;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Keys;

/// <summary>The keys of a whole manifest.</summary>
internal static class ManifestKeys
{
    public static readonly Field<string> Name = new("name", Scalars.Text("a name such as shop", text =>
            text.Trim().Length is 0 or > 63 || text.Any(c => char.IsControl(c) || c == '/') ? "is not a name; write 1 to 63 characters, no slash" : null),
        "The application's name; default: the folder's.", null!);

    public static readonly Field<Section> Edge = new("edge", EdgeKeys.Shape, "How clients come in.", Section.Empty);

    public static readonly Field<Section> ServiceDefaults = new("service", new SectionShape(ServiceKeys.Shape.Table, "a mapping of a service's keys"),
        "For every service.", Section.Empty);

    public static readonly Field<Section> RouteDefaults = new("route", new SectionShape(RouteKeys.Shape.Table, "a mapping of a route's keys"),
        "For every route.", Section.Empty);

    public static readonly Field<Section> Defaults = new("defaults",
        new SectionShape(new([ServiceDefaults, RouteDefaults]), "a mapping such as { route: { timeout: 10s } }"),
        "Any key of a service or a route, for all of them.", Section.Empty);

    public static readonly Field<ImmutableArray<Named<Section>>> Services = new("services",
        new MapShape<Section>(ServiceKeys.Shape, "{ web: node server.js }", CheckServiceName),
        "What runs: each with a name and a command.", []);

    public static readonly Field<ImmutableArray<Named<Section>>> Dependencies = new("dependencies",
        new MapShape<Section>(DependencyKeys.Shape, "{ database: { url: postgres://127.0.0.1:5432/shop } }", CheckDependencyName),
        "What services call; known so that it can be watched.", []);

    public static readonly Field<ImmutableArray<Section>> Routes = new("routes",
        new ListShape<Section>(RouteKeys.Shape, "[{ path: /**, service: web }]", keepReadable: true),
        "Which requests go where; default: everything to the only service that has a port.", []);

    public static readonly SectionShape Shape = new(
        new([Name, Edge, Defaults, Services, Dependencies, Routes], "alerts", "telemetry"), "a mapping");

    private static string? CheckServiceName(string name) => Names.IsService(name)
        ? null
        : $"is not a name for a service (a-z, 0-9 and hyphens inside); write {Names.ToService(name)}";

    private static string? CheckDependencyName(string name) => Names.IsToken(name) && name.Length <= 63
        ? null
        : $"is not a name for a dependency; write {Names.ToService(name)}";
}
