using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>Ten times as many requests as the application can answer, or as many as can be sent beside it.</summary>
internal sealed class Overload : IExperiment
{
    private const double Times = 10;

    /// <summary>Requests per second that can be sent beside the application, on the same machine.</summary>
    private const double MostSent = 6000;

    /// <summary>Answers per second of an application that so many are still too much for: four times as many.</summary>
    private const double MostCapacity = MostSent / 4;

    /// <summary>Critical requests, of which none fails, that show 99.9 %; a few more.</summary>
    private const double EnoughCritical = 3100;

    /// <summary>Of the capacity, at most, so that there is room for them.</summary>
    private const double CriticalShare = 0.5;

    /// <summary>Of what was meant to be sent.</summary>
    private const double LeastSent = 0.8;

    private const double MayFail = 0.001;
    private const double Kept = 0.8;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private const double Limit = 10;
    private static readonly TimeSpan Recovery = RecoveredWithin.Watching(Limit);

    public string Name => "overload";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"sends {Times:0} times as many requests as are answered, or {MostSent:0}/s";

    public IEnumerable<Subject> Subjects(Scope scope) =>
        scope.Sent.Any(IsFlood) ? [new("")] : scope.Sent.IsEmpty ? [] : [new("", "each route has a rate limit, which comes first")];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(60) + (Critical(scope).Any() ? Longest - Lasting : TimeSpan.Zero);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        if (course.Bench.Level.Bearable > MostCapacity * 1.5)
        {
            course.NotApplicable($"it answers at least {course.Bench.Level.Bearable:0} requests/s; much more cannot be sent beside it on this machine");
            return;
        }
        course.Recorder.Expect(
            Goodput.Expect($"at least {Kept:0%} of what it can do is still done", Origin.Default, "all", Phase.Names.Fault, Kept),
            Refusals.Expect("what is refused is refused within 100 ms, with Retry-After", Origin.Default, "all", Phase.Names.Fault),
            RecoveredWithin.Expect($"the objectives hold again within {Limit:0} s", Origin.Default, "load", Kinds.FaultOff, Limit),
            Happens.Expect("more was sent than it can do", Origin.Default, Kinds.Bit, evidence: true));
        var critical = Critical(course.Scope).ToList();
        if (critical.Count > 0)
            course.Recorder.Expect(FailureRate.Expect($"{1 - MayFail:0.#%} of the critical requests succeed", "routes.priority", "load critical", Phase.Names.Fault, MayFail));
        var floods = course.Scope.Sent.Where(IsFlood)
            .Select(exercised => course.Add(exercised with { Stream = exercised.Stream with { Role = LoadStream.Roles.Flood } })).ToList();
        await course.BeginAsync(cancel);
        var capacity = await RampAsync(course, floods, cancel);
        if (capacity > MostCapacity)
        {
            course.NotApplicable($"it answers {capacity:0} requests/s; much more cannot be sent beside it on this machine");
            return;
        }
        var ordinary = Math.Max(1, Math.Min(course.PerSecond, capacity * 0.3));
        course.SetPace(Pace.Constant(ordinary));
        await course.RestAsync(Step, cancel);
        await course.BaselineAsync(TimeSpan.FromSeconds(6), cancel);
        var rate = FloodOf(capacity);
        var (length, ofCritical) = CriticalOf(capacity);
        var from = course.Now;
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            critical.ForEach(stream => course.SetRate(stream, ofCritical / critical.Count));
            floods.ForEach(stream => course.SetRate(stream, rate / floods.Count));
            course.Recorder.Happened(Kinds.FaultOn, "", $"{rate:0} requests/s");
            await course.RestAsync(critical.Count > 0 ? length : Lasting, cancel);
            floods.ForEach(stream => course.SetRate(stream, 0));
        });
        var to = course.Now;
        critical.ForEach(stream => course.SetRate(stream, ordinary / course.Scope.Sent.Length));
        course.Recorder.Happened(Kinds.FaultOff, "", "the ordinary load alone");
        await course.PhaseAsync(Phase.Names.Recovery, () => course.RestAsync(Recovery, cancel));
        await course.EndAsync();
        var (takenUp, sent) = course.Recorder.PerSecond(LoadStream.Roles.Flood, from, to);
        if (takenUp >= rate * LeastSent)
        {
            course.Recorder.Add(Happening.Of(
                to, Kinds.Bit, "", $"{takenUp:0} requests/s came, {sent:0} of them found a connection, {capacity:0} can be answered", ("per_second", takenUp), ("sent_per_second", sent)));
        }
    }

    /// <summary>Requests per second that are too many for a capacity.</summary>
    internal static double FloodOf(double capacity) => Math.Min(capacity * Times, MostSent);

    /// <summary>Critical requests per second beside them, and for how long, so that there are enough; or as many as there is room and time for.</summary>
    internal static (TimeSpan Length, double PerSecond) CriticalOf(double capacity)
    {
        var room = capacity * CriticalShare;
        var seconds = Math.Clamp(EnoughCritical / room, Lasting.TotalSeconds, Longest.TotalSeconds);
        return (TimeSpan.FromSeconds(seconds), Math.Min(EnoughCritical / seconds, room));
    }

    /// <summary>What is critical is not sent in excess, and what has a rate limit would meet that.</summary>
    private static bool IsFlood(Exercised exercised) => exercised.Stream.Priority != "critical" && exercised.Route.RateLimit is null;

    private static IEnumerable<int> Critical(Scope scope) =>
        Enumerable.Range(0, scope.Sent.Length).Where(i => scope.Sent[i].Stream.Priority == "critical");

    /// <summary>More and more, until that brings no more good answers.</summary>
    private static async Task<double> RampAsync(Course course, List<int> floods, CancellationToken cancel)
    {
        var best = 0d;
        for (var rate = Math.Max(2, course.Bench.Level.Bearable * 0.4); ; rate *= 1.4)
        {
            floods.ForEach(stream => course.SetRate(stream, rate / floods.Count));
            await course.RestAsync(Step / 4, cancel);
            var from = course.Now;
            await course.RestAsync(Step, cancel);
            var streams = course.Recorder.Streams;
            var good = course.Recorder.Ended(from, course.Now, sample => streams[sample.Stream].IsGood(sample)) / ((course.Now - from) / 1e6);
            var isMore = good > best * 1.1;
            best = Math.Max(best, good);
            if (!isMore || best > MostCapacity)
                break;
        }
        floods.ForEach(stream => course.SetRate(stream, 0));
        course.Recorder.Happened(Kinds.Capacity, "", $"{best:0} good answers/s at most", ("per_second", best));
        return best;
    }
}
