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
        else if (draft.Root.IsWritten(ManifestKeys.Routes) && !draft.Root.IsBroken(ManifestKeys.Routes))
        {
            foreach (var service in reachable.Where(service => service.Spec.Port.Kind == PortKind.Auto && !draft.Routes.Any(route => route.Spec.Service == service.Spec.Name)))
                findings.Warning(service.Entry, service.Spec.IsExternal ? "no route leads to it; add one, or remove it" : "no route leads to it; add one, or write port: none if it is a worker");
        }
    }
}
