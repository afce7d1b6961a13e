using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Checks;

/// <summary>A route leads to a service that exists and listens, or redirects.</summary>
internal static class RouteTargets
{
    private static readonly Field[] NotForRedirects =
        [RouteKeys.StripPrefix, RouteKeys.AttemptTimeout, RouteKeys.Retries, RouteKeys.Idempotent, RouteKeys.Uses];

    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var route in draft.Routes)
        {
            var text = route.Text;
            if (text.IsWritten(RouteKeys.Service) && text.IsWritten(RouteKeys.Redirect))
                findings.Error(text.EntryOf(RouteKeys.Redirect)!, "a route has either a service or a redirect; remove one");
            else if (!text.IsWritten(RouteKeys.Service) && !text.IsWritten(RouteKeys.Redirect) && text.Node.Find("static") is null)
                findings.Error(text.Node, "leads nowhere; add service: … or redirect: …");
            if (!text.IsWritten(RouteKeys.Path))
                findings.Error(text.Node, "has no path; add one, such as path: /**");
            if (text.TryGet(RouteKeys.Service, out var service))
                CheckService(draft, service, text.At(RouteKeys.Service), findings);
            if (text.IsWritten(RouteKeys.Redirect))
            {
                foreach (var field in NotForRedirects.Where(text.IsOwn))
                    findings.Warning(text.At(field), "does nothing on a redirect; remove it");
            }
        }
    }

    private static void CheckService(Draft draft, string service, Node place, FindingList findings)
    {
        if (!draft.ServiceNames.Contains(service))
            findings.Error(place, NearestKey.Of(service, draft.ServiceNames) is { } nearest
                ? $"there is no service `{Shown.Text(service)}`; did you mean `{nearest}`?"
                : $"there is no service `{Shown.Text(service)}`; known are {string.Join(", ", draft.ServiceNames.Take(10))}");
        else if (draft.FindService(service) is { Spec.HasPort: false })
            findings.Error(place, $"`{service}` is a worker (port: none) and cannot answer requests; give it a port, or name another service");
    }
}
