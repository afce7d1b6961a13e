using System.Collections.Immutable;
using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>What there is to experiment with.</summary>
/// <param name="Manifest">As written.</param>
/// <param name="Reach">What may be broken.</param>
/// <param name="Sent">What the load sends.</param>
internal sealed record Scope(ManifestSpec Manifest, Reach Reach, ImmutableArray<Exercised> Sent)
{
    /// <summary>Services of ours that the load reaches.</summary>
    public IEnumerable<ServiceSpec> Loaded => Manifest.Services.Where(service => !service.IsExternal && Sent.Any(exercised => exercised.Stream.Service == service.Name));

    public IEnumerable<ServiceSpec> Own => Manifest.Services.Where(service => !service.IsExternal);

    public ServiceSpec Service(string name) => Manifest.FindService(name) ?? throw new ArgumentException($"there is no service {name}", nameof(name));
}
