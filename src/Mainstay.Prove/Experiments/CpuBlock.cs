using Mainstay.Prove.Experiments.Blocking;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>Breaks nothing: looks, under the ordinary load, for code that blocks a service's event loop or its threads, and names it.</summary>
internal sealed class CpuBlock : IExperiment
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(35);

    /// <summary>Shorter ones are nobody's business, unless an objective is as short.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    public string Name => "cpu-block";

    public string Pillar => Pillars.Platform;

    public string Does(string subject) => $"watches under the ordinary load whether {subject} stands still, and in which code";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(50);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(
            NotHeldUp.Expect(
                "at most 1 % of the requests of any route are late because a replica stands still", "routes[].objective.latency.p99",
                $"load service:{course.Subject}", Phase.Names.Fault),
            Happens.Expect("every replica was watched", Origin.Default, Kinds.Watched, course.Service.Replicas, evidence: true));
        var limit = LimitOf(course);
        var inside = await StartAsync(course, limit, cancel);
        course.Observe();
        await course.StartLoadAsync();
        // Not until the latencies are steady: with what blocks they never are.
        await course.PhaseAsync(Phase.Names.WarmUp, () => course.RestAsync(Settling, cancel));
        await using var watch = new BlockWatch(course, inside, limit);
        await course.PhaseAsync(Phase.Names.Fault, () => course.MaybeTwiceAsync(async () =>
        {
            var from = course.Now;
            await course.RestAsync(Lasting(course), cancel);
            watch.Record(from, course.Now);
        }));
        await course.PhaseAsync(Phase.Names.Naming, () => watch.NameAsync(new(Phase.Names.Fault, 0, course.Now), cancel));
    }

    /// <summary>Long enough for 299 requests, which could show that less than 1 % are late; of few requests a second as many as there is time for.</summary>
    private static TimeSpan Lasting(Course course) =>
        TimeSpan.FromSeconds(Math.Clamp(299 / course.PerSecond, Usual.TotalSeconds, Most.TotalSeconds));

    /// <summary>Anew, with a watch in it; null: it does not start with that, and is watched from outside only.</summary>
    private static async Task<EventLoopWatch?> StartAsync(Course course, TimeSpan limit, CancellationToken cancel)
    {
        course.Lab.IsSoiled = true;
        var watch = EventLoopWatch.Install(course.Lab.Folder["watching"]);
        try
        {
            await course.Lab.StartAsync(cancel, LabManifest.With(course.Lab.Manifest, course.Subject, service => watch.Under(service, limit)));
            return watch;
        }
        catch (LabException)
        {
            await course.Lab.StartAsync(cancel);
            return null;
        }
    }

    private static TimeSpan LimitOf(Course course)
    {
        var objective = TimeSpan.FromSeconds(course.Scope.Sent.Where(sent => sent.Stream.Service == course.Subject).Min(sent => sent.Stream.LatencyP99Seconds));
        return objective / 2 < Shortest ? Shortest : objective / 2 > Longest ? Longest : objective / 2;
    }
}
