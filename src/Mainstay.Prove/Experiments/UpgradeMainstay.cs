using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>Exchanges Mainstay's core for another one, under load.</summary>
internal sealed class UpgradeMainstay : IExperiment
{
    /// <summary>The old core finishes what is in flight after the new one has begun to serve.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(3);

    /// <summary>Where there is little traffic.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public string Name => "upgrade-mainstay";

    public string Pillar => Pillars.Lifecycle;

    public string Does(string subject) => "exchanges Mainstay's own core by `mainstay upgrade`, under load";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Sent.IsEmpty ? [] : [new("")];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(18);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(
            NoFailures.Expect("no request of any method fails", Origin.Default, "load", Phase.Names.Fault),
            Happens.Expect("the upgrade goes through", Origin.Default, Kinds.OperationDone),
            NeverHappens.Expect("it does not fail", Origin.Default, Kinds.OperationHalted),
            NeverHappens.Expect("the replicas are left alone", Origin.Default, Kinds.ReplicasChanged),
            Happens.Expect("another core serves", Origin.Default, Kinds.CoreStarted, evidence: true));
        await course.BeginAsync(cancel);
        var before = Pids(course);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            var from = course.Now;
            await course.AskAsync(new("upgrade"), cancel);
            await course.RestAsync(Afterwards, cancel);
            await course.RestForEnoughAsync(from, Longest, cancel);
        });
        var after = Pids(course);
        course.Compare("mainstay", before, after);
    }

    private static List<int> Pids(Course course) => [.. course.Replicas().Select(replica => replica.Pid ?? 0).Order()];
}
