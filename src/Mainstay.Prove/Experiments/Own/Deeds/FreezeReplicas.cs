using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Processes;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>SIGSTOP to one replica, or to all: they are there, and do nothing.</summary>
internal sealed record FreezeReplicas(string Service, bool All) : OwnFault
{
    public override string Does => $"stops {(All ? "all replicas" : "one replica")} of {Service} with SIGSTOP";

    public override string? Refusal(Scope scope) => Deed.ServiceRefusal(scope, Service);

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        var victims = run.Victims(Service, All);
        if (victims.Count == 0)
        {
            course.Trouble($"no replica of {Service} was ready to be frozen");
            return null;
        }
        var names = string.Join(", ", victims.Select(victim => victim.Name));
        run.On(Service, $"SIGSTOP to {names}");
        course.Recorder.Happened(Kinds.Frozen, Service, $"SIGSTOP to {names}");
        var evidence = await Task.WhenAll(victims.Select(victim =>
            Freeze.RunAsync(new(victim.Process, WholeTree: true), length, course.Bench.Guard, course.Time, cancel)));
        cancel.ThrowIfCancellationRequested();
        course.Recorder.Happened(Kinds.Thawed, Service, $"SIGCONT to {names}");
        run.Off(Service, $"{names} may go on");
        return evidence.All(one => one.Bit) ? $"{names} stood still" : null;
    }
}
