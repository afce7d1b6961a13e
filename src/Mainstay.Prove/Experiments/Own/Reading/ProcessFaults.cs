using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Shapes;
using Mainstay.Prove.Experiments.Own.Deeds;
using Mainstay.Prove.Faults.Resources;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>Faults of processes: replicas, their resources, and Mainstay itself.</summary>
internal static class ProcessFaults
{
    private const int MostTimes = 50;
    private const int Megabyte = 1 << 20;

    private static readonly Field<bool> Replicas = new("replicas", Scalars.Choice(("one", false), ("all", true)), "One by chance, or all at once; default one.");

    private static readonly Field<int> Times = new("times", Scalars.Integer(1, MostTimes), "How often; default once.", 1);

    private static readonly Field<TimeSpan> Every = new("every", Scalars.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        "Between two of them, counted from full strength; default 2s.", TimeSpan.FromSeconds(2));

    private static readonly Field<long> Size = new("size", Scalars.Size(Megabyte, (long)MemoryBallast.MostMegabytes * Megabyte), "How much larger it becomes.");

    private static readonly Field<int> Spare = new("spare", Scalars.Integer(0, 1000), "Descriptors that may still be opened; default none.", 0);

    private static readonly Field<string> Folder = new("folder", Scalars.Text("a path such as uploads", text =>
        text.Length > 0 && !text.Any(char.IsControl) ? null : "is no path; write one such as uploads"), "Absolute, or below the service's directory; default the temporary one, TMPDIR.", null!);

    public static FaultKind[] Of(ManifestSpec manifest)
    {
        var service = new Field<string>("service", RouteNames.Services(manifest), "Whose replicas.", null!);
        return
        [
            new("kill", [service, Replicas, Times, Every], [service],
                fault => new KillReplicas(fault.Get(service), fault.Get(Replicas), fault.Get(Times), fault.Get(Every)), Lasts: false),
            new("freeze", [service, Replicas], [service], fault => new FreezeReplicas(fault.Get(service), fault.Get(Replicas))),
            new("kill_mainstay", [Times, Every], [], fault => new KillCore(fault.Get(Times), fault.Get(Every)), Lasts: false),
            new("memory", [service, Size], [service, Size], fault => new GrowMemory(fault.Get(service), (int)(fault.Get(Size) / Megabyte))),
            new("disk_full", [service, Replicas, Folder], [service], fault => new FillDisk(fault.Get(service), fault.Get(Replicas), fault.Get(Folder))),
            new("descriptors", [service, Replicas, Spare], [service], fault => new TakeDescriptors(fault.Get(service), fault.Get(Replicas), fault.Get(Spare))),
        ];
    }
}
