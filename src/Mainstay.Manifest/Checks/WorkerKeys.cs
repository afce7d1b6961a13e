using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>A worker (<c>port: none</c>) listens nowhere, so nothing that needs a port can apply to it.</summary>
internal static class WorkerKeys
{
    public static void Check(Draft draft, FindingList findings)
    {
        foreach (var service in draft.Services.Where(service => service.Spec.Port.Kind == PortKind.None))
        {
            var text = service.Text;
            if (service.Spec.Command.Any(word => word.Contains("{port}", StringComparison.Ordinal)))
                findings.Error(text.At(ServiceKeys.Command), "holds {port}, but `port: none` gives the service no port; remove one of them");
            var health = text.Sub(ServiceKeys.Health);
            foreach (var path in new[] { ServiceKeys.Ready, ServiceKeys.Live })
            {
                if (health.IsOwn(path))
                    findings.Error(health.At(path), "a worker (`port: none`) cannot answer a path; remove it");
            }
            if (text.IsOwn(ServiceKeys.Protocol))
                findings.Error(text.At(ServiceKeys.Protocol), "a worker (`port: none`) speaks no protocol to the edge; remove it");
        }
    }
}
