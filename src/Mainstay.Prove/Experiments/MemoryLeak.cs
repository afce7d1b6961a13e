using Mainstay.Contracts.Control;
using Mainstay.Prove.Experiments.Observing;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Faults.Resources;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>One replica grows towards its memory limit, by a ballast in its process group: it must be replaced before it gets there.</summary>
internal sealed class MemoryLeak : IExperiment
{
    /// <summary>Mainstay replaces at 90 %; the ballast stops short of the limit, so that only a replacement that never comes is one that failed.</summary>
    private const double Full = 0.95;
    private const double Near = 0.9;

    private const double Limit = 15;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Growing = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public string Name => "memory-leak";

    public string Pillar => Pillars.Platform;

    public string Does(string subject) => $"lets one replica of {subject} grow to {Full:0 %} of its memory limit";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Where(service => service.Memory is not null).Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(42);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var limit = course.Service.Memory!.Value;
        course.Recorder.Expect(
            NeverHappens.Expect("under the ordinary load no replica comes near its memory limit", "services[].memory", Kinds.NearLimit),
            HappensWithin.Expect($"one that comes near its limit is replaced within {Limit:0} s", "services[].memory", Kinds.FaultOn, Kinds.ReplicaReplaced, Growing.TotalSeconds + Limit, sameSubject: true),
            NoFailures.Expect("no idempotent request fails meanwhile", Origin.Default, $"load idempotent service:{course.Subject}", Phase.Names.Fault),
            HappensWithin.Expect("the service is at full strength within 30 s more", Origin.Default, Kinds.FaultOn, Kinds.Undone, Growing.TotalSeconds + Limit + 30),
            Happens.Expect("a replica came near its limit", Origin.Default, Kinds.Bit, evidence: true));
        await course.BeginAsync(cancel);
        await course.PhaseAsync(Phase.Names.Baseline, () => WatchAsync(course, limit, cancel));
        if (course.Recorder.Has(Kinds.NearLimit, 0))
            return;
        var replica = await MeasuredAsync(course, cancel);
        if (replica is null || ProcessId.Find(replica.Pid!.Value) is not { } process)
        {
            course.Trouble($"no replica of {course.Subject} was ready to grow, with its memory known");
            return;
        }
        var most = Math.Max(1, (int)((limit * Full - replica.MemoryBytes!.Value) / (1 << 20)));
        if (!IsRoomFor(most))
        {
            course.NotApplicable($"this machine has no {most} MiB to spare for a replica to grow by");
            return;
        }
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            var from = course.Now;
            if (await GrowAsync(course, replica, process, most, cancel))
                await course.RestAsync(TimeSpan.FromSeconds(2), cancel);
            if (await course.FullAsync(Patience, cancel, course.Subject) && course.Recorder.Has(Kinds.ReplicaReplaced, from))
                course.Recorder.Happened(Kinds.Undone, course.Subject, $"all {course.Service.Replicas} of {course.Subject} are ready, none of them near its limit");
        });
    }

    /// <summary>The load without a leak of ours, until its time is over or a replica is near its limit all the same, or was since the load began.</summary>
    private static async Task WatchAsync(Course course, long limit, CancellationToken cancel)
    {
        var start = course.Time.GetTimestamp();
        while (course.Time.GetElapsedTime(start) < Before)
        {
            var near = course.Replicas(course.Subject).Where(known => known.MemoryBytes >= limit * Near)
                .Select(known => (known.Name, Text: $"{known.Name} uses {known.MemoryBytes >> 20} MiB of its {limit >> 20} MiB"))
                .Concat(course.Recorder.Seen(happening => ReplicaWatch.IsOf(course.Subject, happening.Subject) && IsExchangedForMemory(happening)).Select(happening => (Name: happening.Subject, happening.Text)))
                .FirstOrDefault();
            if (near.Name is not null)
            {
                course.Recorder.Happened(Kinds.NearLimit, near.Name, near.Text);
                return;
            }
            await course.RestAsync(Look, cancel);
        }
    }

    private static bool IsExchangedForMemory(Happening happening) =>
        happening.Kind == Kinds.ReplicaReplaced || (happening.Kind == Kinds.ReplicaGivenUp && happening.Text.Contains(ReplicaWatch.OverMemory, StringComparison.Ordinal));

    /// <summary>Grows, and waits until it is replaced; false: that did not begin.</summary>
    private static async Task<bool> GrowAsync(Course course, ReplicaStatus replica, ProcessId process, int most, CancellationToken cancel)
    {
        try
        {
            await using var ballast = MemoryBallast.Start(process, most, course.Time);
            course.Recorder.Happened(Kinds.FaultOn, replica.Name, $"{replica.Name} grows by {most} MiB, pid {ballast.Process}", ("megabytes", most));
            var steps = Math.Min(most, 30);
            for (var i = 1; i <= steps && ballast.Process.IsAlive; i++)
            {
                await ballast.GrowAsync(most * i / steps, cancel);
                await course.RestAsync(Growing / steps, cancel);
            }
            course.Recorder.Happened(Kinds.Bit, replica.Name, $"{replica.Name} has grown by {ballast.Megabytes} MiB", ("megabytes", ballast.Megabytes));
            var start = course.Time.GetTimestamp();
            // The ballast goes with the replica.
            while (ballast.Process.IsAlive && course.Time.GetElapsedTime(start) < Patience)
                await course.RestAsync(Look, cancel);
            return !ballast.Process.IsAlive;
        }
        catch (IOException failed)
        {
            course.Trouble(failed.Message);
            return false;
        }
    }

    /// <summary>Memory is looked at about once a second.</summary>
    private static async Task<ReplicaStatus?> MeasuredAsync(Course course, CancellationToken cancel)
    {
        var start = course.Time.GetTimestamp();
        while (course.Time.GetElapsedTime(start) < TimeSpan.FromSeconds(5))
        {
            if (course.Ready(course.Subject).FirstOrDefault(known => known.MemoryBytes is not null) is { } replica)
                return replica;
            await course.RestAsync(Look, cancel);
        }
        return null;
    }

    /// <summary>With half as much to spare: the machine itself must not get into need.</summary>
    private static bool IsRoomFor(int megabytes) =>
        megabytes <= MemoryBallast.MostMegabytes && GC.GetGCMemoryInfo() is var memory && memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes > (long)megabytes * 3 / 2 << 20;
}
