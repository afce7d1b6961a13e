using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Checks;

/// <summary>A probe must be able to end before a replica is given up.</summary>
internal static class ProbeTime
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var service in draft.Services)
        {
            var text = service.Text.Sub(ServiceKeys.Health);
            var health = service.Spec.Health;
            if (health.Timeout > health.Start && (text.IsWritten(ServiceKeys.Start) || text.IsWritten(ServiceKeys.ProbeTimeout)) && !text.IsBroken(ServiceKeys.Start) && !text.IsBroken(ServiceKeys.ProbeTimeout))
                findings.Warning(text.At(text.IsWritten(ServiceKeys.Start) ? ServiceKeys.Start : ServiceKeys.ProbeTimeout), $"a probe may take {Quantities.Write(health.Timeout)}, longer than a replica has to start ({Quantities.Write(health.Start)}); raise start or lower timeout");
        }
    }
}
