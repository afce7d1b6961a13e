using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>One client asks for ten times what the rate limit allows it.</summary>
internal sealed class NoisyClient : IExperiment
{
    private const double Times = 10;

    /// <summary>Requests per second that can be sent beside the application.</summary>
    private const double Most = 4000;

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(15);
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    public string Name => "noisy-client";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets one client ask for {Times:0} times what its rate limit allows, or as much as can be sent";

    public string AppliesTo => "exercised routes with a `rate_limit`";

    public IEnumerable<Subject> Subjects(Scope scope) => Limited(scope) is null ? [] : [new("")];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(32);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var limited = Limited(course.Scope)!;
        var limit = limited.Route.RateLimit!;
        var place = $"routes[{course.Scope.Manifest.Routes.IndexOf(limited.Route)}].rate_limit";
        course.Recorder.Expect(
            NoFailures.Expect("no request of the other clients fails or is refused", place, "load", Phase.Names.Fault),
            WithinObjectives.Expect("99 % of their requests are answered within their route's objective", place, "load", Phase.Names.Fault),
            Happens.Expect("the greedy client was there", Origin.Default, Kinds.Bit, evidence: true));
        var greedy = course.Add(limited with { Stream = limited.Stream with { Role = LoadStream.Roles.Greedy }, Headers = HeadersOf(limited) });
        course.Sources[greedy] = Elsewhere;
        var rate = Math.Min(Most, Math.Min(limit.Rate, Math.Max(limit.Rate / Times, course.Bench.Level.Bearable)) * Times);
        await course.BeginAsync(cancel);
        await course.BaselineAsync(TimeSpan.FromSeconds(5), cancel);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            var from = course.Now;
            course.SetRate(greedy, rate);
            course.Recorder.Happened(Kinds.FaultOn, limited.Stream.Name, $"one client sends {rate:0} requests/s, {limit.Rate:0.##} are allowed");
            await course.RestAsync(Lasting, cancel);
            course.SetRate(greedy, 0);
            var sent = course.Recorder.Exposed(from, course.Now, stream => stream.Role == LoadStream.Roles.Greedy);
            if (sent > 0)
                course.Recorder.Happened(Kinds.Bit, limited.Stream.Name, $"{sent} requests of the greedy client", ("requests", sent));
        });
        await course.PhaseAsync(Phase.Names.Recovery, () => course.RestAsync(TimeSpan.FromSeconds(3), cancel));
    }

    private static Exercised? Limited(Scope scope) => scope.Sent.FirstOrDefault(exercised => exercised.Route.RateLimit is not null);

    /// <summary>Another client than the others, also where clients are told apart by a header.</summary>
    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> HeadersOf(Exercised limited) =>
        limited.Route.RateLimit is { By: RateLimitBy.Header, Header: { } header } ? limited.Headers.SetItem(header, "greedy") : limited.Headers;
}
