using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Observing;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>A release is deployed that never gets ready.</summary>
internal sealed class BadRelease : IExperiment
{
    /// <summary>How long the bad one may take to start: it would not be ready in a longer time either.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

    /// <summary>With all that runs before a release.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const double BackWithin = 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public string Name => "bad-release";

    public string Pillar => Pillars.Lifecycle;

    public string Does(string subject) => $"deploys a release of {subject} whose command never listens";

    public string AppliesTo => "services of our own that are exercised";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(20);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(
            Happens.Expect("the rollout halts", Origin.Default, Kinds.OperationHalted),
            NeverHappens.Expect("the bad release does not serve", Origin.Default, Kinds.OperationDone),
            Happens.Expect("the reason is shown", Origin.Default, Kinds.ReasonShown),
            HappensWithin.Expect($"all is at full strength within {BackWithin:0} s of the deploy's end", Origin.Default, Kinds.FaultOff, Kinds.Undone, BackWithin),
            NoFailures.Expect("no request of any method fails meanwhile", Origin.Default, "load", Phase.Names.Fault),
            Happens.Expect("a replica of the bad release was started", Origin.Default, Kinds.Bit, evidence: true));
        if (course.Service.Deploy.Overlap && course.Service.Port.Kind == Manifest.Model.PortKind.Auto)
            course.Recorder.Expect(NeverHappens.Expect("the old replicas are left alone", Origin.Default, Kinds.ReplicasChanged));
        await course.BeginAsync(cancel);
        var before = Pids(course);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            course.Lab.Write(LabManifest.With(course.Lab.Manifest, course.Subject, service => service with
            {
                Command = ["/bin/sh", "-c", "exec sleep 1000"],
                Health = service.Health with { Start = service.Health.Start < Start ? service.Health.Start : Start },
            }), isRelease: true);
            try
            {
                await DeployAsync(course, cancel);
            }
            finally
            {
                course.Lab.Write(course.Lab.Manifest);
            }
            course.Recorder.Happened(Kinds.FaultOff, course.Subject, "the deploy is over; what the next one would read is as it was");
            if (await course.FullAsync(TimeSpan.FromSeconds(BackWithin), cancel))
                course.Recorder.Happened(Kinds.Undone, course.Subject, "all services are at full strength");
            await course.RestAsync(TimeSpan.FromSeconds(1), cancel);
        });
        var after = Pids(course);
        course.Compare(course.Subject, before, after);
        // What was deployed is not what is written: a fresh one for whoever comes next.
        course.Lab.IsSoiled |= course.Recorder.Has(Kinds.OperationDone, 0);
    }

    /// <summary>It ends in time, or is left to itself.</summary>
    private static async Task DeployAsync(Course course, CancellationToken cancel)
    {
        var known = course.Replicas(course.Subject).Select(replica => replica.Name).ToHashSet(StringComparer.Ordinal);
        using var limit = new CancellationTokenSource(Patience, course.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var deploy = course.AskAsync(new("deploy", course.Subject), either.Token);
        var hasBegun = false;
        try
        {
            while (!deploy.IsCompleted)
            {
                var fresh = course.Replicas(course.Subject).FirstOrDefault(replica => !known.Contains(replica.Name) || (replica.State == "starting" && !course.Service.Deploy.Overlap));
                if (!hasBegun && fresh is not null)
                {
                    hasBegun = true;
                    course.Recorder.Happened(Kinds.Bit, fresh.Name, $"{fresh.Name} of the bad release was started, pid {fresh.Pid}");
                }
                await Task.WhenAny(deploy, course.RestAsync(Look, either.Token));
            }
            if (!await deploy && course.Recorder.Seen(happening => happening.Kind == Kinds.OperationHalted) is [.., var halted] && Blames(halted.Text, course.Subject))
                course.Recorder.Happened(Kinds.ReasonShown, course.Subject, $"the deploy's answer says: {halted.Text}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            course.Trouble($"the deploy did not end within {Patience.TotalSeconds:0} s");
            course.Lab.IsSoiled = true;
        }
    }

    /// <summary>Whether an answer names the replica that it failed for.</summary>
    internal static bool Blames(string answer, string service) => answer.Split([' ', ':', ',', ';']).Any(word => ReplicaWatch.IsOf(service, word));

    private static List<int> Pids(Course course) => [.. course.Replicas(course.Subject).Select(replica => replica.Pid ?? 0).Order()];
}
