using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Probing;

/// <summary>The questions that a service's replica is asked.</summary>
/// <param name="Ready">May it take traffic?</param>
/// <param name="Live">Must it be replaced? Null: only its process counts. The same object as <paramref name="Ready"/>: one answer serves both.</param>
internal sealed record Probes(IProbe Ready, IProbe? Live)
{
    public static Probes Of(ServiceSpec spec, int? port, TimeProvider time)
    {
        if (port is not { } number)
            return new(new AliveProbe(time), null);
        IProbe Get(string path) => spec.Protocol == UpstreamProtocol.H2c ? new H2cProbe(number, path, time) : new HttpProbe(number, path, time);
        var health = spec.Health;
        var ready = health.Ready is null ? new TcpProbe(number, time) : Get(health.Ready);
        return new(ready, health.Live is null ? null : health.Live == health.Ready ? ready : Get(health.Live));
    }
}
