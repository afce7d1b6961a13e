using System.Collections.Immutable;
using Mainstay.Contracts.Control;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Faults.Proxy;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own;

/// <summary>What the faults of one run share. Faults run beside one another.</summary>
internal sealed class OwnRun(Course course, KeptWrites writes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableArray<Fault>> _inForce = new(StringComparer.Ordinal);

    public Course Course => course;

    /// <summary>Written right before replicas are killed.</summary>
    public KeptWrites Writes => writes;

    /// <summary>Small disks, by service and folder as written.</summary>
    public Dictionary<(string Service, string? Folder), SmallDisk> Disks { get; } = [];

    /// <summary>The application as the faults need it.</summary>
    public ManifestSpec Manifest { get; private set; } = course.Lab.Manifest;

    /// <summary>It must be started anew.</summary>
    public bool IsChanged => !ReferenceEquals(Manifest, course.Lab.Manifest);

    /// <summary>Before the load starts.</summary>
    public void Change(string service, Func<ServiceSpec, ServiceSpec> change) => Manifest = LabManifest.With(Manifest, service, change);

    public void On(string subject, string text) => course.Recorder.Happened(Kinds.FaultOn, subject, text);

    public void Off(string subject, string text) => course.Recorder.Happened(Kinds.FaultOff, subject, text);

    /// <summary>Puts a fault in force beside those that are.</summary>
    public void Add(string dependency, FaultProxy proxy, Fault fault) => Change(dependency, proxy, faults => faults.Add(fault));

    public void Remove(string dependency, FaultProxy proxy, Fault fault) =>
        Change(dependency, proxy, faults => [.. faults.Where(other => !ReferenceEquals(other, fault))]);

    /// <summary>One ready replica by chance, or all of them; the processes that are there now.</summary>
    public IReadOnlyList<(string Name, ProcessId Process)> Victims(string service, bool all)
    {
        IReadOnlyList<ReplicaStatus> ready;
        lock (_lock)
        {
            ready = course.Ready(service);
            if (!all && ready.Count > 0)
                ready = [ready[course.Chance.Next(ready.Count)]];
        }
        return [.. ready.Select(replica => (replica.Name, Process: ProcessId.Find(replica.Pid!.Value))).Where(found => found.Process is not null)
            .Select(found => (found.Name, found.Process!.Value))];
    }

    private void Change(string dependency, FaultProxy proxy, Func<ImmutableArray<Fault>, ImmutableArray<Fault>> change)
    {
        lock (_lock)
        {
            var next = change(_inForce.GetValueOrDefault(dependency, []));
            _inForce[dependency] = next;
            proxy.Set(next.AsSpan());
        }
    }
}
