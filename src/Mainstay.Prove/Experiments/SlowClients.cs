using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Requests;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Clients = Mainstay.Prove.Faults.Requests.SlowClients;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>Five hundred clients that never come to the end of what they say: half of them of a head, half of a body.</summary>
internal sealed class SlowClients : IExperiment
{
    private const int Each = 250;

    /// <summary>A head has 15 s by default; a body as long as its route's timeout.</summary>
    private const double HeadLimit = 20;
    private const double Allowance = 5;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Coming = TimeSpan.FromMilliseconds(500);

    public string Name => "slow-clients";

    public string Pillar => Pillars.Security;

    public string Does(string subject) => $"lets {2 * Each} clients send heads and bodies that do not end, a byte a second";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Any() ? [new("")] : [];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(16 + Math.Max(HeadLimit, BodyLimit(scope) ?? 0));

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var bodyLimit = BodyLimit(course.Scope);
        course.Recorder.Expect(
            NumberAtMost.Expect($"a head that does not end is given up within {HeadLimit:0} s", Origin.Default, Kinds.SlowClient, "heads_open", 0, sum: true),
            NumberAtMost.Expect("whoever connects meanwhile is answered", Origin.Default, Kinds.Newcomers, "turned_away", 0, sum: true),
            Happens.Expect("slow clients were there", Origin.Default, Kinds.SlowClient, 1, "clients", Each, evidence: true));
        if (bodyLimit is { } seconds)
        {
            course.Recorder.Expect(NumberAtMost.Expect(
                $"a body that does not end is given up within {seconds:0} s", "routes[].timeout", Kinds.SlowClient, "bodies_open", 0, sum: true));
        }
        course.Recorder.Expect(NoFailures.Expect("no request of the other clients fails", Origin.Default, "load", Phase.Names.Fault));
        course.Recorder.Expect([.. PromisedLatency.Of(course, "their requests")]);
        await course.BeginAsync(cancel);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            course.Recorder.Happened(Kinds.FaultOn, "", $"{2 * Each} clients begin");
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var newcomers = ComeAsync(course, over.Token);
            await Task.WhenAll(
                RunAsync(course, Slowness.Head, First(course.Scope).Stream.Path, HeadLimit, "heads_open", cancel),
                RunAsync(course, Slowness.Body, (Upload(course.Scope) ?? First(course.Scope)).Stream.Path, bodyLimit ?? HeadLimit, bodyLimit is null ? "bodies_still" : "bodies_open", cancel));
            await over.CancelAsync();
            await newcomers;
            course.Recorder.Happened(Kinds.FaultOff, "", "they are gone");
        });
    }

    /// <summary>The ordinary load has its connections already. These come one after the other, each with one of its own.</summary>
    private static async Task ComeAsync(Course course, CancellationToken over)
    {
        var (came, away) = (0, 0);
        try
        {
            while (true)
            {
                await course.RestAsync(Coming, over);
                using var client = new Client(course.Time);
                var (status, _) = await client.SendAsync(course.Lab.Edge, First(course.Scope), First(course.Scope).Body, over);
                came++;
                away += status is 0 or 503 ? 1 : 0;
            }
        }
        catch (OperationCanceledException)
        {
            course.Recorder.Happened(Kinds.Newcomers, "", $"{came} clients connected meanwhile, {away} of them were turned away", ("came", came), ("turned_away", away));
        }
    }

    private static async Task RunAsync(Course course, Slowness slowness, string path, double seconds, string open, CancellationToken cancel)
    {
        var clients = new Clients(course.Lab.Edge, path, Pace, TimeSpan.FromSeconds(seconds), course.Time);
        var evidence = await clients.RunAsync(slowness, Each, cancel);
        var closed = evidence.Count(one => one.Closed);
        var statuses = StatusCounts.Text(evidence.Select(one => one.Status), "no answer");
        course.Recorder.Happened(
            Kinds.SlowClient, "",
            $"{slowness.ToString().ToLowerInvariant()}: {closed} of {Each} were closed, the last after {evidence.Max(one => one.Elapsed).TotalSeconds:0.0} s ({statuses})",
            ("clients", Each), (open, Each - closed), ("seconds", evidence.Max(one => one.Elapsed).TotalSeconds));
    }

    private static Exercised First(Scope scope) => scope.Sent.First(exercised => scope.Loaded.Any(service => service.Name == exercised.Stream.Service));

    /// <summary>Null: nothing takes a body.</summary>
    private static Exercised? Upload(Scope scope) => scope.Sent.FirstOrDefault(exercised => exercised.Stream.Method == "POST");

    /// <summary>Null: its route lets it take so long that it is not waited for.</summary>
    private static double? BodyLimit(Scope scope) =>
        (Upload(scope) ?? First(scope)).Stream.TimeoutSeconds + Allowance is var seconds and <= 40 ? seconds : null;
}
