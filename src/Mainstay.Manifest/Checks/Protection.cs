using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Checks;

/// <summary>What protects a service must be possible: files that are there, allowances that somebody can use.</summary>
internal static class Protection
{
    private static readonly Field[] OnlyWithService = [RouteKeys.Priority, RouteKeys.Concurrency, RouteKeys.Fallback];

    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var route in draft.Routes)
        {
            var text = route.Text;
            CheckRate(text, findings);
            if (text.IsOwn(RouteKeys.Fallback) && !text.IsBroken(RouteKeys.Fallback))
                CheckFallback(text.Sub(RouteKeys.Fallback), route.Spec.Fallback!, findings);
            if (route.Spec.Redirect is null)
                continue;
            foreach (var key in OnlyWithService.Where(text.IsOwn))
                findings.Error(text.EntryOf(key)!, "says nothing on a redirect, which is answered by the edge itself; remove it");
        }
        var defaults = draft.Root.Sub(ManifestKeys.Defaults).Sub(ManifestKeys.RouteDefaults);
        CheckRate(defaults, findings);
        if (defaults.IsWritten(RouteKeys.Fallback) && !defaults.IsBroken(RouteKeys.Fallback))
            CheckFallback(defaults.Sub(RouteKeys.Fallback), ProtectionShapes.ToFallback(defaults.Sub(RouteKeys.Fallback), draft.Spec.Directory), findings);
    }

    private static void CheckRate(Section text, FindingList findings)
    {
        if (!text.IsOwn(RouteKeys.RateLimit) || text.IsBroken(RouteKeys.RateLimit))
            return;
        var limit = text.Sub(RouteKeys.RateLimit);
        if (!limit.IsWritten(RouteKeys.Rate))
            findings.Error(text.At(RouteKeys.RateLimit), "has no rate; add one such as rate: 100/s");
    }

    private static void CheckFallback(Section text, FallbackSpec fallback, FindingList findings)
    {
        if (!text.IsWritten(RouteKeys.FallbackFile))
        {
            if (text.IsWritten(RouteKeys.ContentType) && !text.IsBroken(RouteKeys.ContentType))
                findings.Error(text.EntryOf(RouteKeys.ContentType)!, "is the type of a file that is not there; add file: …, or remove it");
            else if (!text.IsWritten(RouteKeys.FallbackStatus) && !text.IsWritten(RouteKeys.ContentType))
                findings.Error(text.Node, "says nothing; write a status, a file, or both, such as { status: 503, file: sorry.json }");
            return;
        }
        if (fallback.File is { } file && FallbackFile.Problem(file) is { } problem)
            findings.Error(text.At(RouteKeys.FallbackFile), problem);
    }
}
