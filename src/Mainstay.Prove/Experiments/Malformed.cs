using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Requests.Malformed;
using Mainstay.Prove.Load.WarmingUp;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>
/// Requests that are wrong, one connection each, beside the ordinary load; then once more with a listener of ours in the application's place, which
/// writes down what reaches it.
/// </summary>
internal sealed class Malformed : IExperiment
{
    /// <summary>Seconds for an answer, or as long as the route promises.</summary>
    private const double Patience = 5;

    /// <summary>For the first request to get through to the listener, after the edge has begun.</summary>
    private static readonly TimeSpan Reaching = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public string Name => "malformed";

    public string Pillar => Pillars.Security;

    public string Does(string subject) => $"sends {MalformedCorpus.All.Length} requests that are wrong: framing, heads, targets, sizes, bodies";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Any() ? [new("")] : [];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(45);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(
            NumberAtMost.Expect("bad input is refused: no 5xx, no hang, one answer at most", Origin.Default, Kinds.BadInput, "wrong", 0, sum: true),
            NeverHappens.Expect("no replica ends by itself", Origin.Default, Kinds.ReplicaDied),
            NeverHappens.Expect("no request that hides in another reaches an upstream", Origin.Default, Kinds.Smuggled),
            Happens.Expect("bad input was sent", Origin.Default, Kinds.BadInput, 1, "sent", MalformedCorpus.All.Length, evidence: true),
            Happens.Expect("a good request of the same kind reaches the listener", Origin.Default, Kinds.Bit, evidence: true));
        await course.BeginAsync(cancel);
        var canary = $"/canary-{course.Chance.Next():x8}";
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            await SendAsync(course, MalformedCorpus.All, canary, "", cancel);
            await BodiesAsync(course, cancel);
            // What ends by it may end a moment later.
            await course.RestAsync(TimeSpan.FromSeconds(2), cancel);
        });
        await course.EndAsync();
        await course.PhaseAsync(Phase.Names.Recovery, () => SmuggleAsync(course, canary, cancel));
    }

    private static async Task SendAsync(Course course, ImmutableArray<MalformedRequest> requests, string canary, string where, CancellationToken cancel)
    {
        var targets = Targets.Of(course.Scope)!;
        var client = new MalformedClient(course.Lab.Edge, targets.At(course.Lab.Edge), canary, targets.Patience(Patience), course.Time);
        var evidence = await client.SendAsync(requests, cancel);
        foreach (var wrong in evidence.Where(one => !one.IsAcceptable))
            course.Recorder.Happened(Kinds.BadInput, "", $"{wrong.Text}{where}", ("wrong", 1), ("status", wrong.Status));
        var statuses = StatusCounts.Text(evidence.Select(one => one.Status), "closed");
        course.Recorder.Happened(Kinds.BadInput, "", $"{evidence.Length} malformed requests{where}: {statuses}", ("sent", evidence.Length), ("wrong", 0));
    }

    /// <summary>Well framed, but with bodies that are not what the route is usually sent.</summary>
    private static async Task BodiesAsync(Course course, CancellationToken cancel)
    {
        using var client = new Client(course.Time);
        foreach (var exercised in course.Scope.Sent.Where(exercised => exercised.Body is { Length: > 0 }))
        {
            string[] bodies = ["", exercised.Body![..(exercised.Body!.Length / 2)], exercised.Body + "}", "null", "\0\u0001\ufffd", new string('[', 5000), "{\"\":{\"\":[[[]]]}}"];
            foreach (var body in bodies)
            {
                var (status, _) = await client.SendAsync(course.Lab.Edge, exercised, body, cancel);
                if (status is 0 or (>= 500 and not 501))
                {
                    var shown = body.Length > 20 ? $"{body[..20]}…" : body;
                    course.Recorder.Happened(
                        Kinds.BadInput, "", $"{exercised.Stream.Name} with the body '{shown}': {(status == 0 ? "no answer" : status)}", ("wrong", 1), ("status", status));
                }
            }
        }
    }

    /// <summary>The same edge, and a listener of ours behind it.</summary>
    private static async Task SmuggleAsync(Course course, string canary, CancellationToken cancel)
    {
        await using var listener = new BriefListener();
        await using var proxy = FaultProxy.Start(new(new(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, listener.Port), course.Bench.Seed), course.Time);
        var behind = ImmutableArray.Create(new Uri($"http://127.0.0.1:{proxy.Endpoint.Port}/"));
        course.Lab.IsSoiled = true;
        await course.Lab.LaunchAsync(cancel, course.Lab.Manifest with
        {
            Services = [.. course.Lab.Manifest.Services.Select(service => service.HasPort && !service.IsExternal ? Elsewhere(service, behind) : service)],
        });
        await ReachAsync(course, proxy, canary, cancel);
        // Those that hide a second request. A target may name another path of its own right.
        ImmutableArray<MalformedRequest> hiding = [.. MalformedCorpus.All.Where(request =>
            request.Text.Contains("{CANARY}", StringComparison.Ordinal) && !request.Name.StartsWith("targets/", StringComparison.Ordinal))];
        await SendAsync(course, hiding, canary, ", with a listener in the application's place", cancel);
        var seen = proxy.Count.Requests;
        foreach (var target in seen.Targets.Where(target => target.Target.Contains(canary, StringComparison.Ordinal)))
            course.Recorder.Happened(Kinds.Smuggled, "", $"{target.Requests} × {target.Method} {target.Target} reached the upstream: it was hidden in another request");
        course.Recorder.Happened(Kinds.FaultOff, "", $"{hiding.Length} requests with another one hidden in them; the upstream saw {seen.Requests} requests");
    }

    /// <summary>What gets nowhere hides nothing: that the hidden ones were not seen says something only if what is not hidden is.</summary>
    private static async Task ReachAsync(Course course, FaultProxy proxy, string canary, CancellationToken cancel)
    {
        var upload = Targets.Of(course.Scope)!.Upload;
        var mark = canary.Replace("/canary", "control", StringComparison.Ordinal);
        var good = upload with { Stream = upload.Stream with { Path = $"{upload.Stream.Path}{(upload.Stream.Path.Contains('?') ? '&' : '?')}{mark}" } };
        using var client = new Client(course.Time);
        var start = course.Time.GetTimestamp();
        while (course.Time.GetElapsedTime(start) < Reaching)
        {
            var (status, _) = await client.SendAsync(course.Lab.Edge, good, upload.Body ?? "hello", cancel);
            if (proxy.Count.Requests.Targets.Any(target => target.Target.Contains(mark, StringComparison.Ordinal)))
            {
                course.Recorder.Happened(Kinds.Bit, upload.Stream.Service, $"{upload.Stream.Name} reaches the listener in the application's place: {status}", ("status", status));
                return;
            }
            await course.RestAsync(Pause, cancel);
        }
    }

    private static ServiceSpec Elsewhere(ServiceSpec service, ImmutableArray<Uri> urls) =>
        service with { Urls = urls, Command = [], Needs = [], Protocol = UpstreamProtocol.Http, Memory = null };
}
