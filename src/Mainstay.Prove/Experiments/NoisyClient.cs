using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>One client asks for ten times what the rate limit allows it.</summary>
internal sealed class NoisyClient : IExperiment
{
    private const double Times = 10;

    /// <summary>Requests per second that can be sent beside the application.</summary>
    private const double Most = 4000;

    /// <summary>How many times the limit must be exceeded for it to be put to the test.</summary>
    private const double LeastTimes = 3;

    /// <summary>Of what was meant to be sent; less is the load's own failure.</summary>
    private const double LeastSent = 0.8;

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(15);
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    public string Name => "noisy-client";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets one client ask for {Times:0} times what its rate limit allows, or {Most:0} times a second";

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
        var rate = RateOf(limit.Rate);
        await course.BeginAsync(cancel);
        await course.BaselineAsync(TimeSpan.FromSeconds(5), cancel);
        var from = course.Now;
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            course.SetRate(greedy, rate);
            course.Recorder.Happened(Kinds.FaultOn, limited.Stream.Name, $"one client sends {rate:0.##} requests/s, {limit.Rate:0.##} are allowed");
            await course.RestAsync(Lasting, cancel);
            course.SetRate(greedy, 0);
        });
        var to = course.Now;
        await course.PhaseAsync(Phase.Names.Recovery, () => course.RestAsync(TimeSpan.FromSeconds(3), cancel));
        await course.EndAsync();
        var (takenUp, sent) = course.Recorder.PerSecond(LoadStream.Roles.Greedy, from, to);
        if (takenUp >= LeastOf(limit.Rate))
        {
            course.Recorder.Add(Happening.Of(
                to, Kinds.Bit, limited.Stream.Name, $"{takenUp:0.##} requests/s of the greedy client came, {sent:0.##} of them found a connection, {limit.Rate:0.##} are allowed",
                ("per_second", takenUp), ("sent_per_second", sent)));
        }
        // A client that does harm without even exceeding its limit shows all the more that the limit is none.
        if (!CanBeExceeded(limit.Rate) && Judge.Of(course.Close()).Verdict != Verdict.Violated)
            course.NotApplicable($"{limit.Rate:0.##} requests/s are allowed to a client; {LeastTimes:0} times as many cannot be sent beside the application, and {rate:0} did no harm");
    }

    /// <summary>Requests per second of the greedy client.</summary>
    internal static double RateOf(double limit) => Math.Min(limit * Times, Most);

    /// <summary>So many of them at least must have come.</summary>
    internal static double LeastOf(double limit) => Math.Min(limit * LeastTimes, RateOf(limit) * LeastSent);

    internal static bool CanBeExceeded(double limit) => LeastOf(limit) >= limit * LeastTimes;

    private static Exercised? Limited(Scope scope) => scope.Sent.FirstOrDefault(exercised => exercised.Route.RateLimit is not null);

    /// <summary>Another client than the others, also where clients are told apart by a header.</summary>
    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> HeadersOf(Exercised limited) =>
        limited.Route.RateLimit is { By: RateLimitBy.Header, Header: { } header } ? limited.Headers.SetItem(header, "greedy") : limited.Headers;
}
