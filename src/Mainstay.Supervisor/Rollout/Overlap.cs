using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Rollout;

internal static class Overlap
{
    /// <summary>Two replicas must never run at once: the app owns a file or a lock, or there is only one port.</summary>
    public static bool MustNotOverlap(this ServiceSpec spec) => !spec.Deploy.Overlap || spec.Port.Kind == PortKind.Fixed;
}
