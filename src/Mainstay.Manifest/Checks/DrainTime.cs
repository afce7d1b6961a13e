using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Checks;

/// <summary>A draining replica should be given as long as its longest request may take. The defaults are left alone: only what was written is judged.</summary>
internal static class DrainTime
{
    public static void Check(Draft draft, FindingList findings)
    {
        var defaults = draft.Root.Sub(ManifestKeys.Defaults).Sub(ManifestKeys.RouteDefaults);
        foreach (var service in draft.Services.Where(service => service.Spec.HasPort && !service.Spec.IsExternal))
        {
            var stop = service.Text.Sub(ServiceKeys.Stop);
            var drain = service.Spec.Stop.Drain;
            var longest = draft.Routes.Where(route => route.Spec.Service == service.Spec.Name && !route.Text.IsBroken(RouteKeys.Timeout)).MaxBy(route => route.Spec.Timeout);
            var timeout = longest?.Spec.Timeout ?? defaults.Get(RouteKeys.Timeout);
            var isReached = longest is not null || draft.Routes.IsEmpty;
            if (!isReached || drain >= timeout || stop.IsBroken(ServiceKeys.Drain))
                continue;
            var written = stop.IsWritten(ServiceKeys.Drain) ? stop.At(ServiceKeys.Drain)
                : (longest?.Text ?? defaults) is var text && text.IsWritten(RouteKeys.Timeout) ? text.At(RouteKeys.Timeout)
                : null;
            if (written is not null)
                findings.Warning(written, $"services.{service.Spec.Name} drains for {Quantities.Write(drain)}, but a request may take {Quantities.Write(timeout)} (timeout), so a deploy can cut it off; raise stop.drain or lower timeout");
        }
    }
}
