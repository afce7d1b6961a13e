using System.Net;
using Mainstay.Contracts.Control;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Faults.Resources;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>Replicas may open no further descriptor: each file and each connection beyond those that they have fails with EMFILE.</summary>
internal sealed class Descriptors : IExperiment
{
    private const double Limit = 10;

    /// <summary>Connections that each replica is offered, so that it needs what it cannot get.</summary>
    private const int Callers = 20;

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(6);

    public string Name => "descriptors";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"leaves the replicas of {subject} no free descriptor for {Lasting.TotalSeconds:0} s";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(30);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
        {
            course.NotApplicable("limits of running processes can be changed on Linux only");
            return;
        }
        course.Recorder.Expect(
            NeverHappens.Expect("no replica ends by itself", Origin.Default, Kinds.ReplicaDied),
            RecoveredWithin.Expect($"the objectives hold again within {Limit:0} s of there being descriptors", Origin.Default, $"load service:{course.Subject}", Kinds.FaultOff, Limit),
            Happens.Expect("replicas had no free descriptor", Origin.Default, Kinds.Bit, evidence: true));
        await course.BeginAsync(cancel);
        var replicas = course.Ready(course.Subject);
        var limits = new List<DescriptorLimits>();
        try
        {
            await course.PhaseAsync(Phase.Names.Fault, () => StarveAsync(course, replicas, limits, cancel));
        }
        finally
        {
            limits.ForEach(limit => limit.Dispose());
        }
        course.Recorder.Happened(Kinds.FaultOff, course.Subject, "descriptors can be had again");
        await course.PhaseAsync(Phase.Names.Recovery, () => course.RestAsync(RecoveredWithin.Watching(Limit), cancel));
    }

    private static async Task StarveAsync(Course course, IReadOnlyList<ReplicaStatus> replicas, List<DescriptorLimits> limits, CancellationToken cancel)
    {
        try
        {
            foreach (var replica in replicas.Select(replica => ProcessId.Find(replica.Pid!.Value)).OfType<ProcessId>())
                limits.Add(DescriptorLimits.Lower(replica, spare: 0, course.Bench.Guard));
        }
        catch (IOException refused)
        {
            course.Trouble(refused.Message);
            return;
        }
        var processes = limits.Sum(limit => limit.Processes);
        course.Recorder.Happened(Kinds.FaultOn, course.Subject, $"no free descriptor for {processes} processes of {course.Subject}", ("processes", processes));
        using var callers = new Callers(replicas.Select(replica => replica.Address).OfType<string>().Select(IPEndPoint.Parse), Descriptors.Callers);
        var from = course.Time.GetTimestamp();
        var least = int.MaxValue;
        while (course.Time.GetElapsedTime(from) < Lasting)
        {
            least = Math.Min(least, limits.Select(limit => limit.Most).OfType<int>().DefaultIfEmpty(int.MaxValue).Max());
            await course.RestAsync(TimeSpan.FromMilliseconds(200), cancel);
        }
        if (least <= 0)
            course.Recorder.Happened(Kinds.Bit, course.Subject, $"every process of {course.Subject} was seen with no descriptor free, {callers.Count} more connections waiting", ("free", least));
    }
}
