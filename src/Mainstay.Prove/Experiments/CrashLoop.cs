using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>One replica dies and from then on exits right after each start.</summary>
internal sealed class CrashLoop : IExperiment
{
    private static readonly TimeSpan Looping = TimeSpan.FromSeconds(12);

    /// <summary>With pauses that double from 100 ms, seven starts fit into that time.</summary>
    private const int MostStarts = 12;

    public string Name => "crash-loop";

    public string Pillar => Pillars.Lifecycle;

    public string Does(string subject) => $"lets one replica of {subject} exit right after each start, for {Looping.TotalSeconds:0} s";

    public string AppliesTo => "services of our own that are exercised";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(38);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        Expect(course);
        var folder = Directory.CreateDirectory(course.Lab.Folder["crashing"]).FullName;
        course.Lab.IsSoiled = true;
        await course.Lab.StartAsync(cancel, LabManifest.With(course.Lab.Manifest, course.Subject, service => LabManifest.Crashing(service, folder)));
        await course.BeginAsync(cancel);
        if (course.Ready(course.Subject) is not [var replica, ..] || ProcessId.Find(replica.Pid!.Value) is not { } process)
        {
            course.Trouble($"no replica of {course.Subject} was ready to be broken");
            return;
        }
        var file = Path.Combine(folder, replica.Name);
        var from = course.Now;
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            await File.WriteAllBytesAsync(file, [], cancel);
            course.Recorder.Happened(Kinds.FaultOn, replica.Name, $"{replica.Name} exits with code 3 as soon as it is started");
            await Kill.RunAsync(new(process, WholeTree: true), course.Time);
            await course.RestAsync(Looping, cancel);
        });
        if (course.Recorder.Count(Kinds.Restarted, from) > 0)
            course.Recorder.Happened(Kinds.Bit, replica.Name, $"{replica.Name} was started again {course.Recorder.Count(Kinds.Restarted, from)} times and exited");
        await course.PhaseAsync(Phase.Names.Recovery, async () =>
        {
            File.Delete(file);
            var mended = course.Now;
            course.Recorder.Happened(Kinds.FaultOff, course.Subject, $"{replica.Name} may start again");
            if (await course.SeenAsync(Kinds.FullStrength, mended, TimeSpan.FromSeconds(20), cancel, course.Subject))
                course.Recorder.Happened(Kinds.Undone, course.Subject, $"{course.Subject} is at full strength");
        });
    }

    private static void Expect(Course course)
    {
        course.Recorder.Expect(
            Happens.Expect("the pauses between its starts grow", Origin.Default, Kinds.BackedOff),
            NumberAtMost.Expect($"it is started at most {MostStarts} times in {Looping.TotalSeconds:0} s", Origin.Default, Kinds.Restarted, "restarts", MostStarts, sum: true),
            Happens.Expect("the reason is shown", Origin.Default, Kinds.ReasonShown),
            HappensWithin.Expect("once it can start it is back within 15 s", Origin.Default, Kinds.FaultOff, Kinds.FullStrength, 15, sameSubject: true),
            Happens.Expect("it was started again and exited", Origin.Default, Kinds.Bit, evidence: true));
        if (course.Service.Replicas > 1)
            course.Recorder.Expect(NoFailures.Expect("the others serve: no idempotent request fails", Origin.Default, $"load idempotent service:{course.Subject}", Phase.Names.Fault));
        if (course.Scope.Sent.Any(exercised => exercised.Stream.Service != course.Subject))
            course.Recorder.Expect(NoFailures.Expect("no request to another service fails", Origin.Default, $"load not-service:{course.Subject}", Phase.Names.Fault));
    }
}
