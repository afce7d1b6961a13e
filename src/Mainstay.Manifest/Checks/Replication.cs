using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>What keeps several copies of a service from running at once.</summary>
internal static class Replication
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var service in draft.Services.Where(service => !service.Spec.IsExternal))
        {
            var (spec, text) = (service.Spec, service.Text);
            var deploy = text.Sub(ServiceKeys.Deploy);
            var saysOverlap = deploy.TryGet(ServiceKeys.Overlap, out var overlap);
            if (spec.Port.Kind == PortKind.Fixed && spec.Replicas > 1)
                findings.Error(text.At(ServiceKeys.Replicas), $"{spec.Replicas} replicas cannot share the fixed port {spec.Port.Number}; write port: auto and use PORT or {{port}}, or replicas: 1");
            else if (spec.Port.Kind == PortKind.Fixed && saysOverlap && overlap)
                findings.Error(deploy.At(ServiceKeys.Overlap), $"old and new replica cannot overlap on the fixed port {spec.Port.Number}; write port: auto, or overlap: false");
            if (spec.Replicas > 1 && saysOverlap && !overlap)
                findings.Error(deploy.At(ServiceKeys.Overlap), $"overlap: false is for an app of which only one copy may run, but replicas is {spec.Replicas}; change one of them");
        }
    }
}
