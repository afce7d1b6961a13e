using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Requests;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Clients = Mainstay.Prove.Faults.Requests.SlowClients;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>
/// Five hundred clients that never come to the end of what they say: half of them of a head, a quarter of a body from its beginning, which the edge keeps
/// from the application, and a quarter of a large body, which it does not.
/// </summary>
internal sealed class SlowClients : IExperiment
{
    private const int Heads = 250;
    private const int Bodies = 125;
    private const int Uploads = 125;
    private const int All = Heads + Bodies + Uploads;

    /// <summary>A head has 15 s by default; a body as long as its route's timeout.</summary>
    private const double HeadLimit = 20;

    /// <summary>Who was answered too late is let go on sending for 5 s, so that the answer is read before the connection is gone; and some more.</summary>
    private const double Allowance = 10;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Coming = TimeSpan.FromMilliseconds(500);

    /// <summary>Of whoever connects meanwhile, or as long as the route promises.</summary>
    private const double Patience = 5;

    public string Name => "slow-clients";

    public string Pillar => Pillars.Security;

    public string Does(string subject) => $"lets {All} clients send heads and bodies that do not end, a byte a second";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Any() ? [new("")] : [];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(16 + Math.Max(HeadLimit, BodyLimit(Targets.Of(scope)!) ?? 0));

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var targets = Targets.Of(course.Scope)!;
        var bodyLimit = BodyLimit(targets);
        var patience = TimeSpan.FromSeconds(Math.Max(Patience, targets.Ask.Stream.LatencyP99Seconds));
        course.Recorder.Expect(
            NumberAtMost.Expect($"a head that does not end is given up within {HeadLimit:0} s", Origin.Default, Kinds.SlowClient, "heads_open", 0, sum: true),
            NumberAtMost.Expect($"whoever connects meanwhile is answered within {patience.TotalSeconds:0.#} s", Origin.Default, Kinds.Newcomers, "turned_away", 0, sum: true),
            Happens.Expect("slow clients were there", Origin.Default, Kinds.SlowClient, 1, "clients", All / 2, evidence: true),
            Happens.Expect("others connected meanwhile", Origin.Default, Kinds.Newcomers, 1, "came", 1, evidence: true),
            NoFailures.Expect("no request of the other clients fails", Origin.Default, "load", Phase.Names.Fault),
            WithinObjectives.Expect("99 % of their requests are answered within their route's objective", "routes[].objective.latency.p99", "load", Phase.Names.Fault));
        if (bodyLimit is { } seconds)
        {
            course.Recorder.Expect(NumberAtMost.Expect(
                $"a body that does not end is given up within {seconds:0} s", "routes[].timeout", Kinds.SlowClient, "bodies_open", 0, sum: true));
        }
        await course.BeginAsync(cancel);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            course.Recorder.Happened(Kinds.FaultOn, "", $"{All} clients begin");
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var newcomers = new Newcomers(course.Lab.Edge, targets.Ask, patience, Coming, course.Time).ComeAsync(over.Token);
            await Task.WhenAll(
                RunAsync(course, Slowness.Head, Heads, targets.Ask, HeadLimit, "heads_open", cancel),
                RunBodyAsync(Slowness.Body, Bodies),
                RunBodyAsync(Slowness.Upload, Uploads));
            await over.CancelAsync();
            var (came, away) = await newcomers;
            course.Recorder.Happened(Kinds.Newcomers, "", $"{came} clients connected meanwhile, {away} of them were turned away", ("came", came), ("turned_away", away));
            course.Recorder.Happened(Kinds.FaultOff, "", "they are gone");
        });

        Task RunBodyAsync(Slowness slowness, int count) =>
            RunAsync(course, slowness, count, targets.Upload, bodyLimit ?? HeadLimit, bodyLimit is null ? "bodies_still" : "bodies_open", cancel);
    }

    private static async Task RunAsync(Course course, Slowness slowness, int count, Exercised target, double seconds, string open, CancellationToken cancel)
    {
        var clients = new Clients(course.Lab.Edge, target.AimAt(course.Lab.Edge), Pace, TimeSpan.FromSeconds(seconds), course.Time);
        var evidence = await clients.RunAsync(slowness, count, cancel);
        var (connected, closed) = (evidence.Count(one => one.Connected), evidence.Count(one => one.Closed));
        var longest = evidence.Max(one => one.Elapsed).TotalSeconds;
        var statuses = StatusCounts.Text(evidence.Where(one => one.Connected).Select(one => one.Status), "no answer");
        course.Recorder.Happened(
            Kinds.SlowClient, "",
            $"{slowness.ToString().ToLowerInvariant()}: {connected} of {count} connected, {closed} were closed, the last after {longest:0.0} s ({statuses})",
            ("clients", connected), (open, connected - closed), ("seconds", longest));
    }

    /// <summary>Null: its route lets it take so long that it is not waited for.</summary>
    private static double? BodyLimit(Targets targets) =>
        targets.Upload.Stream.TimeoutSeconds + Allowance is var seconds and <= 40 ? seconds : null;
}
