using System.Collections.Immutable;

namespace Mainstay.Manifest.Model;

/// <summary>A whole manifest, read and checked: every default filled in, every reference resolvable.</summary>
/// <param name="Name">The application's name; the folder's name unless written.</param>
/// <param name="Directory">Absolute path of the folder that holds the manifest; relative paths start here and <c>.mainstay</c> lives here.</param>
/// <param name="File">Absolute path of the manifest, or null for <c>up -- COMMAND</c>.</param>
/// <param name="Edge">How clients come in.</param>
/// <param name="Services">In the order written; names are unique.</param>
/// <param name="Dependencies">What services call; names are unique.</param>
/// <param name="Routes">In the order written, the default route included when none was written.</param>
public sealed record ManifestSpec(
    string Name,
    string Directory,
    string? File,
    EdgeSpec Edge,
    ImmutableArray<ServiceSpec> Services,
    ImmutableArray<DependencySpec> Dependencies,
    ImmutableArray<RouteSpec> Routes)
{
    public ServiceSpec? FindService(string name) => Services.FirstOrDefault(service => service.Name == name);
}
