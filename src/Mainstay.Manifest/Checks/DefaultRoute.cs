using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>Without routes everything goes to the only service with a port; with routes every such service should be reached by one.</summary>
internal static class DefaultRoute
{
    public static void Check(Draft draft, FindingList findings)
    {
        var reachable = draft.Services.Where(service => service.Spec.HasPort).ToArray();
        if (!draft.Root.IsWritten(ManifestKeys.Services))
        {
            findings.Error(draft.Root.Node, "has no services; write some, such as services: { web: node server.js }");
        }
        else if (draft.ServiceNames.Count == 0 && !draft.Root.IsBroken(ManifestKeys.Services))
        {
            findings.Error(draft.Root.At(ManifestKeys.Services), "names no service; write one, such as web: node server.js");
        }
        else if (!draft.Root.IsWritten(ManifestKeys.Routes) && reachable.Length > 1)
        {
            findings.Error(draft.Root.EntryOf(ManifestKeys.Services)!, $"{Shown.OneOf([.. reachable.Take(10).Select(service => service.Spec.Name)]).Replace(" or ", " and ", StringComparison.Ordinal)} have a port, so it is open where requests go; write `routes:`, or port: none for workers");
        }
        else if (!draft.Routes.IsEmpty && draft.Routes.All(route => IsClear(route, draft)))
        {
            foreach (var service in reachable.Where(service => service.Spec.Port.Kind == PortKind.Auto && !service.Text.IsBroken(ServiceKeys.Port) && !draft.Routes.Any(route => route.Spec.Service == service.Spec.Name)))
                findings.Warning(service.Entry, service.Spec.IsExternal ? "no route leads to it; add one, or remove it" : "no route leads to it; add one, or write port: none if it is a worker");
        }
    }

    /// <summary>Whether it is plain where a route leads; while it is not, nothing can be said of services that seem unreached.</summary>
    private static bool IsClear(RouteDraft route, Draft draft) =>
        !route.Text.IsBroken(RouteKeys.Service) && (route.Spec.Redirect is not null ? !route.Text.IsWritten(RouteKeys.Service) : route.Spec.Service is { } name && draft.ServiceNames.Contains(name));
}
