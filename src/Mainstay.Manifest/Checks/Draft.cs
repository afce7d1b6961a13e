using System.Collections.Immutable;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Checks;

/// <summary>A manifest whose keys were read one by one, with the text behind each record: what the cross-checks look at.</summary>
/// <param name="Spec">What will be handed out if nothing is wrong.</param>
/// <param name="Root">The whole manifest.</param>
/// <param name="Edge">Empty if not written.</param>
/// <param name="Services">Those that could be read.</param>
/// <param name="Dependencies">Those that could be read.</param>
/// <param name="Routes">Those that could be read, without the default route.</param>
/// <param name="ServiceNames">Also of those that could not be read.</param>
/// <param name="DependencyNames">Also of those that could not be read.</param>
internal sealed record Draft(
    ManifestSpec Spec,
    Section Root,
    Section Edge,
    ImmutableArray<ServiceDraft> Services,
    ImmutableArray<DependencyDraft> Dependencies,
    ImmutableArray<RouteDraft> Routes,
    IReadOnlyCollection<string> ServiceNames,
    IReadOnlyCollection<string> DependencyNames)
{
    public ServiceDraft? FindService(string? name) => Services.FirstOrDefault(service => service.Spec.Name == name);
}

internal sealed record ServiceDraft(ServiceSpec Spec, Section Text, Entry Entry);

internal sealed record DependencyDraft(DependencySpec Spec, Section Text, Entry Entry);

internal sealed record RouteDraft(RouteSpec Spec, Section Text);
