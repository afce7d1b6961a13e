using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>What a route takes from its path must be in it.</summary>
internal static class RoutePaths
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var route in draft.Routes)
        {
            if (!route.Text.TryGet(RouteKeys.Path, out var path))
                continue;
            if (route.Spec.StripPrefix is { } prefix && path != prefix && !path.StartsWith(prefix + "/", StringComparison.Ordinal))
                findings.Error(route.Text.At(RouteKeys.StripPrefix), $"`{Shown.Text(prefix)}` is not a prefix of the path {Shown.Text(path)}; write the same beginning in both");
            if (route.Spec.Redirect is { } location && location.Contains("{rest}", StringComparison.Ordinal) && !path.EndsWith("**", StringComparison.Ordinal))
                findings.Error(route.Text.At(RouteKeys.Redirect), $"{{rest}} stands for what `**` matched, but the path {Shown.Text(path)} has none; end the path with /**");
            if (route.Spec.Redirect is { } target && target == path)
                findings.Error(route.Text.At(RouteKeys.Redirect), "leads to the route's own path, so it would go round in circles; name another location");
            if (path.Split('/').FirstOrDefault(segment => segment.StartsWith(':') && segment.Length > 1) is { } parameter)
                findings.Warning(route.Text.At(RouteKeys.Path), $"matches `{Shown.Text(parameter)}` letter by letter; write * for any segment");
        }
    }
}
