using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>A route uses dependencies that exist and that its service needs.</summary>
internal static class Uses
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var route in draft.Routes.Where(route => route.Text.IsWritten(RouteKeys.Uses)))
        {
            foreach (var name in route.Spec.Uses)
            {
                if (!draft.DependencyNames.Contains(name))
                    findings.Error(route.Text.At(RouteKeys.Uses), Needs.Missing(name, draft.DependencyNames));
                else if (draft.FindService(route.Spec.Service) is { } service && service.Spec.Needs.All(need => need.Dependency != name))
                    findings.Error(route.Text.At(RouteKeys.Uses), $"`{name}` is not among the needs of {service.Spec.Name}; add it to services.{service.Spec.Name}.needs, or remove it here");
            }
        }
    }
}
