using System.Collections.Immutable;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own;

/// <summary>An experiment of the user's: planned, run, judged and reported as the built-in ones.</summary>
internal sealed class OwnExperiment(OwnSpec spec) : IExperiment
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Baseline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(4);

    /// <summary>A recovery is five good seconds in a row, and one more to see them whole.</summary>
    private static readonly TimeSpan SeenRecovery = TimeSpan.FromSeconds(6.5);

    public OwnSpec Spec => spec;

    public string Name => spec.Name;

    public string Pillar => spec.Pillar;

    private TimeSpan Preparing => spec.Faults.Select(fault => fault.Preparing).DefaultIfEmpty().Max();

    private TimeSpan Before => spec.Invariants.Any(invariant => invariant.ComparesWithBaseline) ? spec.Lasting : Baseline;

    private TimeSpan After
    {
        get
        {
            var longest = spec.Invariants.Max(invariant => invariant.Afterwards);
            return longest > TimeSpan.Zero ? longest + SeenRecovery : Recovery;
        }
    }

    public string Does(string subject) => spec.Title ?? (spec.Faults.IsEmpty ? "breaks nothing" : string.Join("; ", spec.Faults.Select(fault => fault.Does)));

    public IEnumerable<Subject> Subjects(Scope scope) => [new("", Refusal(scope))];

    public TimeSpan Length(Scope scope) => Preparing + Settling + Before + spec.Lasting + After;

    public Scope Narrow(Scope scope)
    {
        if (!spec.Load.Requests.IsEmpty)
            return scope with { Sent = [.. spec.Load.Requests.Select(one => Exercises.One(scope.Manifest, one.Route, one.Request)).OfType<Exercised>()] };
        return spec.Load.Routes.IsEmpty ? scope : scope with { Sent = [.. scope.Sent.Where(exercised => IsOf(exercised, spec.Load.Routes))] };
    }

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        using var writes = spec.Invariants.Any(invariant => invariant.Key == "writes_kept") ? KeptWrites.Of(course) : KeptWrites.None(course);
        var run = new OwnRun(course, writes);
        foreach (var invariant in spec.Invariants)
            course.Recorder.Expect(invariant.Expectations(spec, course));
        if (!spec.Faults.IsEmpty)
            course.Recorder.Expect(Happens.Expect("each fault was met", Origin.Default, Kinds.Bit, spec.Faults.Length, evidence: true));
        if (!await PrepareAsync(run, cancel))
            return;
        course.PerSecond = spec.Load.Rate ?? course.Bench.Level.PerSecond;
        await course.BeginAsync(cancel);
        await course.BaselineAsync(Before, cancel);
        await writes.PrepareAsync(cancel);
        await course.PhaseAsync(Phase.Names.Fault, () => Task.WhenAll([course.RestAsync(spec.Lasting, cancel), .. spec.Faults.Select(fault => RunAsync(run, fault, cancel))]));
        await course.PhaseAsync(Phase.Names.Recovery, async () =>
        {
            await course.RestAsync(After, cancel);
            await writes.ReadAsync(cancel);
        });
    }

    /// <summary>Whether a request belongs to one of these routes: by the route's path as written, or as status shows it.</summary>
    public static bool IsOf(Exercised exercised, ImmutableArray<string> routes) =>
        routes.Contains(exercised.Route.Path) || routes.Contains(exercised.Route.Display);

    /// <summary>False: one of the faults is impossible here, which was recorded.</summary>
    private async Task<bool> PrepareAsync(OwnRun run, CancellationToken cancel)
    {
        foreach (var fault in spec.Faults)
        {
            if (await fault.PrepareAsync(run, cancel) is { } impossible)
            {
                run.Course.Trouble($"not run: {impossible}");
                return false;
            }
        }
        if (run.IsChanged)
        {
            run.Course.Lab.IsSoiled = true;
            await run.Course.Lab.StartAsync(cancel, run.Manifest);
        }
        return true;
    }

    private async Task RunAsync(OwnRun run, OwnFault fault, CancellationToken cancel)
    {
        await run.Course.RestAsync(fault.After, cancel);
        if (await fault.RunAsync(run, spec.LengthOf(fault), cancel) is { } evidence)
            run.Course.Recorder.Happened(Kinds.Bit, "", evidence);
    }

    private string? Refusal(Scope scope)
    {
        var refused = spec.Load.Requests.Select(one => Exercises.RefusalOf(scope, one.Route)).FirstOrDefault(reason => reason is not null);
        return refused
            ?? (Narrow(scope).Sent.IsEmpty ? "none of its routes is exercised" : null)
            ?? spec.Faults.Select(fault => fault.Refusal(scope)).FirstOrDefault(reason => reason is not null)
            ?? (spec.Invariants.Any(invariant => invariant.Key == "writes_kept") && scope.Loaded.All(service => WritePair.Find(Narrow(scope).Sent, service.Name) is null)
                ? "writes_kept needs an `exercise` that writes and one that reads the same path" : null);
    }
}
