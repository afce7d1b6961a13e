using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>Names of things of the manifest, in an experiment.</summary>
internal static class RouteNames
{
    /// <summary>Routes by their path, or as status shows them (host and methods included).</summary>
    public static ListShape<string> Shape(ManifestSpec manifest)
    {
        var known = manifest.Routes.Where(route => route.Service is not null).SelectMany(route => (string[])[route.Path, route.Display]).Distinct().ToList();
        return new(Known("the path of a route", "route", known), "[/api/**]", orOne: true);
    }

    public static ScalarShape<string> Services(ManifestSpec manifest) => Known("the name of a service", "service", [.. manifest.Services.Select(service => service.Name)]);

    public static ScalarShape<string> Dependencies(ManifestSpec manifest) =>
        Known("the name of a dependency", "dependency", [.. manifest.Dependencies.Select(dependency => dependency.Name)]);

    /// <summary>The route that takes a request, the most specific one; null: none that leads to a service.</summary>
    public static RouteSpec? Of(ManifestSpec manifest, ExerciseSpec request) => manifest.Routes
        .Where(route => PathPattern.Matches(route.Path, request.Path) && (route.Methods.IsDefaultOrEmpty || route.Methods.Contains(request.Method)))
        .OrderByDescending(route => route.Path.Split('/').Count(segment => segment is not ("*" or "**")))
        .ThenBy(route => route.Path.EndsWith("**", StringComparison.Ordinal))
        .ThenBy(route => route.Methods.IsDefaultOrEmpty)
        .FirstOrDefault() is { Service: not null } route ? route : null;

    private static ScalarShape<string> Known(string expected, string what, List<string> known)
    {
        return new(expected, Parse, () => Scalars.OneOf(known));

        string? Parse(string text, out string value) =>
            known.Contains(value = text) ? null
            : NearestKey.Of(text, known) is { } nearest ? $"is no {what} of the manifest; did you mean `{nearest}`?"
            : known.Count == 0 ? $"is no {what} of the manifest, which has none"
            : $"is no {what} of the manifest; there are {Shown.Text(string.Join(", ", known), 200)}";
    }
}
