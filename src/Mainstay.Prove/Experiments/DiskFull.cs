using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>The replicas' temporary folder lies on a small disk that becomes full, and is freed again.</summary>
internal sealed class DiskFull : IExperiment
{
    private const double Limit = 10;
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(8);

    public string Name => "disk-full";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets the temporary folder (TMPDIR) of {subject} become full for {Lasting.TotalSeconds:0} s";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(36);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        if (await SmallDisk.TryAsync(course, course.Subject) is not { } disk)
        {
            course.NotApplicable(SmallDisk.Impossible);
            return;
        }
        course.Recorder.Expect(
            NeverHappens.Expect("no replica ends by itself", Origin.Default, Kinds.ReplicaDied),
            RecoveredWithin.Expect($"the objectives hold again within {Limit:0} s of there being room", Origin.Default, $"load service:{course.Subject}", Kinds.FaultOff, Limit),
            Happens.Expect("the disk was full", Origin.Default, Kinds.Bit, evidence: true));
        course.Lab.IsSoiled = true;
        await course.Lab.StartAsync(cancel, LabManifest.With(course.Lab.Manifest, course.Subject, disk.Under));
        await course.BeginAsync(cancel);
        var replicas = course.Ready(course.Subject).Select(replica => ProcessId.Find(replica.Pid!.Value)).OfType<ProcessId>().ToList();
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            course.Recorder.Happened(Kinds.FaultOn, course.Subject, disk.Text);
            if (disk.Fill(course, replicas) is { } written and > 0)
                course.Recorder.Happened(Kinds.Bit, course.Subject, $"ENOSPC after {written} bytes on the disks of {replicas.Count} replicas", ("bytes", written));
            await course.RestAsync(Lasting, cancel);
        });
        disk.Free(course, replicas);
        course.Recorder.Happened(Kinds.FaultOff, course.Subject, "there is room again");
        await course.PhaseAsync(Phase.Names.Recovery, () => course.RestAsync(RecoveredWithin.Watching(Limit), cancel));
    }
}
