using System.Collections.Immutable;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Checks;

/// <summary>What protects a service must be possible: files that are there, allowances that somebody can use.</summary>
internal static class Protection
{
    private static readonly Field[] OnlyWithService = [RouteKeys.Priority, RouteKeys.Concurrency, RouteKeys.Fallback, RouteKeys.Hedge];

    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var route in draft.Routes)
        {
            var text = route.Text;
            CheckRate(text, findings);
            if (text.IsOwn(RouteKeys.Fallback) && !text.IsBroken(RouteKeys.Fallback))
                CheckFallback(text.Sub(RouteKeys.Fallback), route.Spec.Fallback!, findings);
            if (route.Spec.Hedge is not null && text.IsOwn(RouteKeys.Hedge) && CheckHedge(text, findings))
                CheckElsewhere(draft, route, findings);
            if (route.Spec.Redirect is null)
                continue;
            foreach (var key in OnlyWithService.Where(text.IsOwn))
                findings.Error(text.EntryOf(key)!, "says nothing on a redirect, which is answered by the edge itself; remove it");
        }
        var defaults = draft.Root.Sub(ManifestKeys.Defaults).Sub(ManifestKeys.RouteDefaults);
        CheckRate(defaults, findings);
        if (defaults.IsWritten(RouteKeys.Fallback) && !defaults.IsBroken(RouteKeys.Fallback))
            CheckFallback(defaults.Sub(RouteKeys.Fallback), ProtectionShapes.ToFallback(defaults.Sub(RouteKeys.Fallback), draft.Spec.Directory), findings);
        if (defaults.IsWritten(RouteKeys.Hedge) && !defaults.IsBroken(RouteKeys.Hedge))
            CheckHedge(defaults, findings);
    }

    private static void CheckRate(Section text, FindingList findings)
    {
        if (!text.IsOwn(RouteKeys.RateLimit) || text.IsBroken(RouteKeys.RateLimit))
            return;
        var limit = text.Sub(RouteKeys.RateLimit);
        if (!limit.IsWritten(RouteKeys.Rate))
            findings.Error(text.At(RouteKeys.RateLimit), "has no rate; add one such as rate: 100/s");
    }

    /// <summary>Whether something may be made twice, as far as can be read.</summary>
    private static bool CheckHedge(Section text, FindingList findings)
    {
        // An empty list is refused wherever it stands, but what it means for a hedge is plain.
        var isNothing = text.At(RouteKeys.Idempotent) is SequenceNode { Items.Count: 0 };
        if (text.IsBroken(RouteKeys.Methods) || (text.IsBroken(RouteKeys.Idempotent) && !isNothing))
            return false;
        var methods = text.Get(RouteKeys.Methods);
        if (!isNothing && (methods.IsEmpty || methods.Intersect(text.Get(RouteKeys.Idempotent)).Any()))
            return true;
        findings.Error(text.At(RouteKeys.Hedge), $"makes requests twice, but {Subject(methods)} idempotent here; remove hedge, or list in idempotent only what may really be executed twice");
        return false;
    }

    private static void CheckElsewhere(Draft draft, RouteDraft route, FindingList findings)
    {
        var spec = route.Spec;
        if (draft.FindService(spec.Service) is { } service && IsAlone(service.Spec))
            findings.Warning(route.Text.At(RouteKeys.Hedge), service.Spec.IsExternal
                ? $"makes a second attempt elsewhere, but services.{spec.Service} has only one url; add another, or remove hedge"
                : $"makes a second attempt elsewhere, but services.{spec.Service} has only one replica; raise replicas, or remove hedge");
    }

    private static string Subject(ImmutableArray<string> methods) => methods switch
    {
        [] => "no method is",
        [var only] => $"{only} is not",
        _ => $"none of {string.Join(", ", methods)} is",
    };

    private static bool IsAlone(ServiceSpec service) => service.IsExternal ? service.Urls.Length == 1 : service.Replicas == 1;

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
