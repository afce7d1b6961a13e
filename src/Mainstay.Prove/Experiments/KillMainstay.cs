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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Between two deaths: the clients are back within their objective for five seconds in a row.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(8);

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
            RecoveredWithin.Expect("the objectives hold again within 10 s", Origin.Default, "load", Kinds.Killed, 10),
            Happens.Expect("another core has taken over", Origin.Default, Kinds.CoreStarted, evidence: true));
        await course.BeginAsync(cancel);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            for (var i = 0; i < Times; i++)
            {
                await course.RestAsync(i == 0 ? TimeSpan.Zero : Between, cancel);
                if (!await KillOneAsync(course, cancel))
                    return;
            }
        });
        await course.PhaseAsync(Phase.Names.Recovery, () => course.RestAsync(AtTheEnd, cancel));
    }

    private static async Task<bool> KillOneAsync(Course course, CancellationToken cancel)
    {
        var before = Pids(course);
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
        if (!await course.FullAsync(Patience, cancel))
            return answered;
        var now = await course.Application.StatusAsync(cancel);
        var after = now is null ? before : [.. now.Services.SelectMany(service => service.Replicas).Select(replica => replica.Pid ?? 0).Order()];
        course.Recorder.Happened(
            before.SequenceEqual(after) ? Kinds.ReplicasUntouched : Kinds.ReplicasChanged, "mainstay",
            $"the replicas before: {string.Join(", ", before)}; after: {string.Join(", ", after)}");
        await course.SeenAsync(Kinds.CoreStarted, from, TimeSpan.FromSeconds(2), cancel);
        return answered;
    }

    private static List<int> Pids(Course course) => [.. course.Replicas().Select(replica => replica.Pid ?? 0).Order()];
}
