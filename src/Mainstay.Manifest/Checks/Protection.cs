using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

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
            if (text.IsOwn(RouteKeys.Hedge))
                CheckHedge(draft, route, findings);
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

    private static void CheckHedge(Draft draft, RouteDraft route, FindingList findings)
    {
        var (spec, text) = (route.Spec, route.Text);
        if (spec.Hedge is null || text.IsBroken(RouteKeys.Methods) || text.IsBroken(RouteKeys.Idempotent))
            return;
        var place = text.At(RouteKeys.Hedge);
        if (!spec.Methods.IsEmpty && !spec.Methods.Intersect(spec.Idempotent).Any())
            findings.Warning(place, $"is only for requests with an Idempotency-Key here: {(spec.Methods is [var only] ? $"{only} is not" : $"none of {string.Join(", ", spec.Methods)} is")} idempotent; add what may be done twice to idempotent, or remove hedge");
        else if (draft.FindService(spec.Service) is { } service && IsAlone(service.Spec))
            findings.Warning(place, service.Spec.IsExternal
                ? $"makes a second attempt elsewhere, but services.{spec.Service} has only one url; add another, or remove hedge"
                : $"makes a second attempt elsewhere, but services.{spec.Service} has only one replica; raise replicas, or remove hedge");
    }

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
        if (fallback.File is not { } file)
            return;
        var place = text.At(RouteKeys.FallbackFile);
        try
        {
            if (Directory.Exists(file))
                findings.Error(place, "is a folder; name a file");
            else if (!File.Exists(file) || (File.GetAttributes(file) & (FileAttributes.Device | FileAttributes.ReparsePoint)) == FileAttributes.Device)
                findings.Error(place, $"there is no file {Shown.Text(file, 200)}; create it or correct the path (relative to the manifest)");
            else if (new FileInfo(file).Length > FallbackSpec.MostBytes)
                findings.Error(place, "is larger than 1MiB; a fallback is kept in memory: make it smaller");
            else
                File.OpenRead(file).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            findings.Error(place, $"cannot be read ({error.Message}); allow it, or name another file");
        }
    }
}
