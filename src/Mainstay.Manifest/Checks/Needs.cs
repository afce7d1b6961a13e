using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>Services need dependencies that exist; dependencies have an address and are needed by someone.</summary>
internal static class Needs
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var need in draft.Services.SelectMany(service => service.Text.Get(ServiceKeys.Needs)))
        {
            if (!draft.DependencyNames.Contains(need.Name))
                findings.Error(need.Entry, Missing(need.Name, draft.DependencyNames));
        }
        var needed = draft.Services.SelectMany(service => Named(service.Text.At(ServiceKeys.Needs)))
            .Concat(draft.Routes.SelectMany(route => route.Spec.Uses)).ToHashSet(StringComparer.Ordinal);
        foreach (var dependency in draft.Dependencies)
        {
            if (!dependency.Text.IsWritten(DependencyKeys.Url))
                findings.Error(dependency.Entry, "has no url; write where it is, such as url: redis://127.0.0.1:6379");
            if (!needed.Contains(dependency.Spec.Name) && draft.Services.Length == draft.ServiceNames.Count && !draft.Services.Any(service => IsMisspelt(service, draft)))
                findings.Warning(dependency.Entry, $"no service needs it; add needs: {{ {dependency.Spec.Name}: required }} to one, or remove it");
        }
    }

    /// <summary>Also where what stands behind the name could not be read.</summary>
    private static IEnumerable<string> Named(Node needs) => needs switch
    {
        MappingNode mapping => mapping.Entries.Select(entry => entry.Key),
        SequenceNode list => list.Items.OfType<ScalarNode>().Select(name => name.Text),
        _ => [],
    };

    private static bool IsMisspelt(ServiceDraft service, Draft draft) =>
        service.Text.Get(ServiceKeys.Needs).Any(need => !draft.DependencyNames.Contains(need.Name));

    public static string Missing(string name, IReadOnlyCollection<string> known) =>
        NearestKey.Of(name, known) is { } nearest ? $"there is no dependency `{Shown.Text(name)}`; did you mean `{nearest}`?"
        : known.Count == 0 ? $"there is no dependency `{Shown.Text(name)}`; add it under `dependencies:`"
        : $"there is no dependency `{Shown.Text(name)}`; add it under `dependencies:`, or name {Shown.OneOf([.. known.Take(10)])}";
}
