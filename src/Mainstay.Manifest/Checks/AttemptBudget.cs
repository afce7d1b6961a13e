using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Checks;

/// <summary>All attempts of a request fit into its deadline.</summary>
internal static class AttemptBudget
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var route in draft.Routes)
        {
            var (spec, text) = (route.Spec, route.Text);
            if (!text.TryGet(RouteKeys.AttemptTimeout, out var attempt) || text.IsBroken(RouteKeys.Timeout) || text.IsBroken(RouteKeys.Retries))
                continue;
            var needed = attempt * (spec.Retries + 1);
            if (attempt > spec.Timeout)
                findings.Error(text.At(RouteKeys.AttemptTimeout), $"{Quantities.Write(attempt)} is longer than the whole request may take (timeout {Quantities.Write(spec.Timeout)}); lower it or raise timeout");
            else if (needed > spec.Timeout)
                findings.Warning(text.At(RouteKeys.AttemptTimeout), $"{spec.Retries + 1} attempts of {Quantities.Write(attempt)} take {Quantities.Write(needed)}, but timeout is {Quantities.Write(spec.Timeout)}; lower attempt_timeout or retries, or raise timeout");
        }
    }
}
