using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Processes;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>
/// SIGKILL to one replica, or to all at once, so many times. One is stopped for a moment first, so that its death meets requests even if it is fast.
/// </summary>
internal sealed record KillReplicas(string Service, bool All, int Times, TimeSpan Every) : OwnFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override string Does => $"kills {(All ? "all replicas" : "one replica")} of {Service} with SIGKILL{(Times > 1 ? $", {Times} times" : "")}";

    public override bool Kills => true;

    public override TimeSpan Least => Every * (Times - 1);

    public override (string Start, string? End)? Exposure => (All ? Kinds.Killed : Kinds.Frozen, Kinds.FullStrength);

    public override string? Refusal(Scope scope) => Deed.ServiceRefusal(scope, Service);

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        string? seen = null;
        for (var i = 0; i < Times; i++)
        {
            if (i > 0)
                await course.RestAsync(Every, cancel);
            var from = course.Now;
            if (await KillAsync(run, cancel) is not { } evidence)
                return null;
            seen = i == 0 ? evidence : $"{seen}; {evidence}";
            run.Off(Service, "what is left goes on");
            await course.SeenAsync(Kinds.FullStrength, from, Patience, cancel, Service);
        }
        return seen;
    }

    private async Task<string?> KillAsync(OwnRun run, CancellationToken cancel)
    {
        var course = run.Course;
        await run.Writes.WriteAsync(cancel);
        var victims = run.Victims(Service, All);
        if (victims.Count == 0)
        {
            course.Trouble($"no replica of {Service} was ready to be killed");
            return null;
        }
        var names = string.Join(", ", victims.Select(victim => victim.Name));
        List<ProcessEvidence> evidence = [];
        if (All)
        {
            course.Recorder.Happened(Kinds.Killed, Service, $"SIGKILL to {names}");
            evidence.AddRange(await Task.WhenAll(victims.Select(victim => Kill.RunAsync(new(victim.Process, WholeTree: true), course.Time))));
        }
        else
        {
            course.Recorder.Happened(Kinds.Frozen, Service, $"SIGSTOP to {names}, so that requests pile up on it", ("pid", victims[0].Process.Pid));
            var stood = TimeSpan.FromMilliseconds(course.Chance.Next(50, 100));
            evidence.Add(await FreezeThenKill.RunAsync(new(victims[0].Process, WholeTree: true), stood, course.Bench.Guard, course.Time, cancel));
            course.Recorder.Happened(Kinds.Killed, Service, $"{evidence[0].What} ({names})", ("pid", victims[0].Process.Pid));
        }
        return evidence.TrueForAll(one => one.Bit) ? $"{names} ended" : null;
    }
}
