using Mainstay.Contracts.Control;
using Mainstay.Prove.Experiments.Observing;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>SIGKILL to Mainstay's core, three times.</summary>
internal sealed class KillMainstay : IExperiment
{
    private const int Times = 3;
    private const double Limit = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "kill-mainstay";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"kills Mainstay's own core with SIGKILL, {Times} times";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Sent.IsEmpty ? [] : [new("")];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(30);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(
            HappensWithin.Expect("clients are answered again within 1 s", Origin.Default, Kinds.Killed, Kinds.Accepting, 1),
            NeverHappens.Expect("the replicas are left alone", Origin.Default, Kinds.ReplicasChanged),
            RecoveredWithin.Expect($"the objectives hold again within {Limit:0} s, each time", Origin.Default, "load", Kinds.Killed, Limit, each: true),
            Happens.Expect("another core has taken over", Origin.Default, Kinds.CoreStarted, evidence: true));
        await course.BeginAsync(cancel);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            for (var i = 0; i < Times; i++)
            {
                if (!await KillOneAsync(course, cancel))
                    return;
            }
        });
    }

    /// <summary>False: it has not recovered, or nothing was killed; another death would show nothing more.</summary>
    private static async Task<bool> KillOneAsync(Course course, CancellationToken cancel)
    {
        var before = Pids(course.Replicas());
        if (course.Application.CorePid is not { } core || ProcessId.Find(core) is not { } victim)
        {
            course.Trouble("no core of Mainstay was found");
            return false;
        }
        var from = course.Now;
        course.Recorder.Happened(Kinds.Killed, "mainstay", $"SIGKILL to Mainstay's core, pid {core}", ("pid", core));
        var evidence = await Kill.RunAsync(new(victim, WholeTree: false), course.Time);
        if (!evidence.Bit)
            course.Trouble($"{evidence.What}: it was not seen to end");
        var answered = await AnswerProbe.AnsweredAsync(course.Lab.Edge, course.Scope.Sent[0], Patience, course.Time, cancel);
        if (answered)
            course.Recorder.Happened(Kinds.Accepting, "mainstay", "a request is answered again");
        var isFull = await course.FullAsync(Patience, cancel);
        var after = await course.Application.StatusAsync(cancel) is { } now
            ? Pids(now.Services.SelectMany(service => service.Replicas))
            : [.. before.Where(pid => ProcessId.Find(pid) is not null)];
        course.Compare("mainstay", before, after);
        await course.SeenAsync(Kinds.CoreStarted, from, TimeSpan.FromSeconds(2), cancel);
        return await RecoveryWatch.SeenAsync(course.Recorder, Kinds.Killed, Limit, cancel) && answered && isFull;
    }

    private static List<int> Pids(IEnumerable<ReplicaStatus> replicas) => [.. replicas.Select(replica => replica.Pid).OfType<int>().Order()];
}
