using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>A dependency is not there when the application starts, and comes later.</summary>
internal sealed class DependencyLate : IExperiment
{
    private static readonly TimeSpan Absent = TimeSpan.FromSeconds(6);

    /// <summary>Requests per second meanwhile: they show that the edge is there, and must not pile up.</summary>
    private const double WaitingRate = 10;

    /// <summary>From its coming until everything is ready.</summary>
    private const double Limit = 10;

    public string Name => "dependency-late";

    public string Pillar => Pillars.Lifecycle;

    public string Does(string subject) => $"starts the application while {subject} refuses connections, for {Absent.TotalSeconds:0} s";

    public string AppliesTo => "dependencies that a service `needs`";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(26);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        if (!course.Bench.Proxies.TryGetValue(course.Subject, out var proxy))
        {
            course.Trouble($"there is no proxy in front of {course.Subject}");
            return;
        }
        course.Recorder.Expect(
            NeverHappens.Expect("no replica ends for want of it", Origin.Default, Kinds.Restarted),
            HappensWithin.Expect($"everything is ready within {Limit:0} s of its coming", Origin.Default, Kinds.FaultOff, Kinds.OperationDone, Limit),
            DependencyCourse.Met(course));
        var (refused, idle) = (false, 0L);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            DependencyCourse.Set(course, proxy, new Refuse());
            try
            {
                refused = await proxy.IsRefusingAsync(cancel);
                await course.Lab.LaunchAsync(cancel);
                course.Observe();
                course.PerSecond = Math.Min(course.Bench.Level.PerSecond, WaitingRate);
                await course.StartLoadAsync();
                await course.RestAsync(Absent, cancel);
                idle = proxy.Count.BytesUp;
            }
            finally
            {
                proxy.Clear();
            }
        });
        course.Recorder.Happened(Kinds.FaultOff, course.Subject, $"{course.Subject} is there");
        var came = course.Time.GetTimestamp();
        await course.PhaseAsync(Phase.Names.Recovery, async () =>
        {
            var full = await course.FullAsync(TimeSpan.FromSeconds(Limit + 2), cancel);
            if (full)
                course.Recorder.Happened(Kinds.OperationDone, "", "all replicas are ready");
            else
                course.Lab.IsSoiled = true;
            // What does not get ready has met it, whether or not it asks again; what is ready may go past the proxy.
            if (refused && (!full || await course.UntilAsync(() => proxy.Count.BytesUp != idle, TimeSpan.FromSeconds(Limit) - course.Time.GetElapsedTime(came), cancel)))
                course.Recorder.Happened(Kinds.Bit, course.Subject, $"{course.Subject} refused connections{(full ? ", and was asked once it was there" : "")}");
        });
    }
}
