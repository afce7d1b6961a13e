using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>Why something cannot be broken here.</summary>
internal static class Deed
{
    public static string? ServiceRefusal(Scope scope, string service) =>
        scope.Service(service).IsExternal ? $"{service} is run by someone else" : null;

    public static string? DependencyRefusal(Scope scope, string dependency)
    {
        var known = scope.Manifest.Dependencies.First(one => one.Name == dependency);
        return !scope.Reach.Has(dependency) ? scope.Reach.WhyNot(dependency)
            : known.Variable is null ? $"no service is told where {dependency} is; give it a `variable`, so that a proxy can stand in front of it"
            : DependencyUrl.EndPointOf(scope.Reach.UrlOf(dependency)!) is null ? "its url names no host and port that a proxy could stand in front of"
            : null;
    }
}
