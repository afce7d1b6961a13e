using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>SIGKILL to every replica of every service at once.</summary>
internal sealed class KillAll : IExperiment
{
    private const double Limit = 30;

    public string Name => "kill-all";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => "kills all replicas of all services at once with SIGKILL";

    public string AppliesTo => "services of our own that are exercised";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Any() ? [new("")] : [];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(27);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(
            RecoveredWithin.Expect($"the objectives hold again within {Limit:0} s", Origin.Default, "load", Kinds.Killed, Limit),
            HappensWithin.Expect($"a service is at full strength within {Limit:0} s", Origin.Default, Kinds.Killed, Kinds.FullStrength, Limit, sameSubject: true),
            Happens.Expect("all replicas were killed", Origin.Default, Kinds.Bit, evidence: true));
        using var writes = KeptWrites.Of(course);
        if (!writes.IsEmpty)
            course.Recorder.Expect(WritesKept.Expect("no acknowledged write is lost", "routes.exercise"));
        await course.BeginAsync(cancel);
        await writes.PrepareAsync(cancel);
        var from = course.Now;
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            var victims = course.Replicas().Where(replica => replica.Pid is not null).Select(replica => ProcessId.Find(replica.Pid!.Value)).OfType<ProcessId>().ToList();
            await writes.WriteAsync(cancel);
            foreach (var service in course.Scope.Own)
                course.Recorder.Happened(Kinds.Killed, service.Name, $"SIGKILL to all {service.Replicas} of {service.Name}");
            var evidence = await Task.WhenAll(victims.Select(victim => Kill.RunAsync(new(victim, WholeTree: true), course.Time)));
            if (evidence.Length > 0 && evidence.All(one => one.Bit))
                course.Recorder.Happened(Kinds.Bit, "", $"ended: {string.Join(", ", victims)}", ("processes", victims.Count));
            await Task.WhenAll(course.Scope.Own.Select(service =>
                course.SeenAsync(Kinds.FullStrength, from, TimeSpan.FromSeconds(Limit + 1), cancel, service.Name)));
            await writes.ReadAsync(cancel);
        });
        await course.PhaseAsync(Phase.Names.Recovery, () => RecoveryWatch.SeenAsync(course.Recorder, Kinds.Killed, Limit, cancel));
    }
}
