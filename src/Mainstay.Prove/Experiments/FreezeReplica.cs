using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>SIGSTOP to one of several replicas: it is there, its port accepts, and nothing comes back.</summary>
internal sealed class FreezeReplica : IExperiment
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(10);

    /// <summary>By then the others have taken over.</summary>
    private const double NoticedAfter = 3;

    public string Name => "freeze-replica";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"stops one replica of {subject} with SIGSTOP for {Frozen.TotalSeconds:0} s";

    public string AppliesTo => "exercised services with two replicas or more";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Where(service => service.Replicas > 1).Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(24);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var routes = course.Scope.Sent.Where(exercised => exercised.Stream.Service == course.Subject).ToList();
        var slowest = routes.MaxBy(exercised => exercised.Stream.LatencyP99Seconds)!;
        var seconds = Math.Max(1, slowest.Stream.LatencyP99Seconds);
        course.Recorder.Expect(
            EachWithin.Expect(
                $"from {NoticedAfter:0} s on no new request waits longer than {seconds:0.###} s",
                seconds > 1 ? Origin.Of(course.Scope.Manifest, slowest.Route, "objective.latency.p99", seconds, 1) : Origin.Default,
                $"load idempotent service:{course.Subject}", Phase.Names.Fault, seconds, EachWithin.Head, Kinds.Frozen, NoticedAfter, Kinds.Thawed),
            NeverHappens.Expect("never is every replica ejected", Origin.Default, Kinds.LastReplicaEjected),
            Happens.Expect("a replica was frozen", Origin.Default, Kinds.Thawed, evidence: true));
        await course.BeginAsync(cancel);
        if (course.Ready(course.Subject) is not [var replica, ..] || ProcessId.Find(replica.Pid!.Value) is not { } process)
        {
            course.Trouble($"no replica of {course.Subject} was ready to be frozen");
            return;
        }
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            course.Recorder.Happened(Kinds.Frozen, replica.Name, $"SIGSTOP to {replica.Name}, pid {process.Pid}", ("pid", process.Pid));
            var evidence = await Freeze.RunAsync(new(process, WholeTree: true), Frozen, course.Bench.Guard, course.Time, cancel);
            // It is ended instead by a liveness probe that finds it dead: that, too, is an end of being frozen.
            course.Recorder.Happened(Kinds.Thawed, replica.Name, $"{evidence.What} ({replica.Name})", ("frozen_ms", evidence.Frozen.TotalMilliseconds));
        });
        await course.PhaseAsync(Phase.Names.Recovery, async () =>
        {
            if (!await course.FullAsync(TimeSpan.FromSeconds(20), cancel, course.Subject))
                course.Trouble($"{course.Subject} was not at full strength again 20 s later");
        });
    }
}
