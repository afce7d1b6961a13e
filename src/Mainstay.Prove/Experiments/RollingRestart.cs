using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>All replicas of a service are exchanged, one after the other, under load.</summary>
internal sealed class RollingRestart : IExperiment
{
    private const int MostTimes = 3;

    public string Name => "rolling-restart";

    public string Pillar => Pillars.Lifecycle;

    public string Does(string subject) => $"restarts all replicas of {subject}, one after the other, by `mainstay restart`";

    public string AppliesTo => "services of our own that are exercised";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) =>
        TimeSpan.FromSeconds(12 + scope.Loaded.Select(ExchangeSeconds).DefaultIfEmpty(0).Max());

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(
            NoFailures.Expect(
                "no request of any method fails meanwhile", Origin.Default, $"load service:{course.Subject}", Phase.Names.Fault, Kinds.Asked, Kinds.OperationDone),
            Happens.Expect("the restart goes through", Origin.Default, Kinds.OperationDone),
            NeverHappens.Expect("it does not fail", Origin.Default, Kinds.OperationHalted),
            NeverHappens.Expect("every replica ends in time, with success or by its stop signal", Origin.Default, Kinds.StopFailed),
            Happens.Expect("all replicas are other processes", Origin.Default, Kinds.Bit, evidence: true));
        await course.BeginAsync(cancel);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            for (var (times, exposed) = (0, 0); times < MostTimes && exposed < NoFailures.Enough; times++)
            {
                var (from, before) = (course.Now, Pids(course));
                if (!await course.AskAsync(new("restart", course.Subject), cancel))
                    return;
                exposed += course.Recorder.Exposed(from, course.Now, stream => stream.Service == course.Subject);
                await course.FullAsync(TimeSpan.FromSeconds(5), cancel, course.Subject);
                await course.RestAsync(TimeSpan.FromMilliseconds(300), cancel);
                if (!Pids(course).Intersect(before).Any())
                    course.Recorder.Happened(Kinds.Bit, course.Subject, $"the processes were {string.Join(", ", before)} and are {string.Join(", ", Pids(course))}");
            }
            // The last words of the replicas that went.
            await course.RestAsync(TimeSpan.FromSeconds(1), cancel);
        });
    }

    private static double ExchangeSeconds(ServiceSpec service) => service.Replicas * (service.Deploy.ReadyFor.TotalSeconds + 3);

    private static List<int> Pids(Course course) => [.. course.Replicas(course.Subject).Select(replica => replica.Pid ?? 0).Order()];
}
