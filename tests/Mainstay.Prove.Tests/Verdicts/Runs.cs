using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts;

/// <summary>Runs made up for tests: baseline 0–10 s, fault 10–30 s, recovery 30–60 s.</summary>
internal static class Runs
{
    public const long Second = 1_000_000;

    public static History Of(params IEnumerable<Sample> samples) => Histories.Of(samples.OrderBy(sample => sample.ScheduledAt)) with
    {
        Phases =
        [
            new(Phase.Names.Baseline, 0, 10 * Second), new(Phase.Names.Fault, 10 * Second, 30 * Second),
            new(Phase.Names.Recovery, 30 * Second, 60 * Second),
        ],
        Happenings = [],
        Expectations = [],
    };

    public static History With(this History history, params Expectation[] expectations) => history with { Expectations = [.. expectations] };

    public static History Seeing(this History history, params Happening[] happenings) =>
        history with { Happenings = [.. happenings.OrderBy(happening => happening.At)] };

    /// <summary>Something seen at a second.</summary>
    public static Happening At(double second, string kind, string subject = "web", params (string Name, double Value)[] numbers) =>
        Happening.Of((long)(second * Second), kind, subject, $"{kind} of {subject}", numbers);

    /// <summary>Others take half of the machine in the second that starts then.</summary>
    public static History Starved(this History history, params int[] seconds) =>
        history with { Machine = [.. seconds.Select(second => new MachineSecond(second * Second, 1, 0.5, 0))] };

    /// <summary>So many requests, evenly between two seconds.</summary>
    public static IEnumerable<Sample> Spread(double from, double to, int count, Func<long, Sample>? make = null) =>
        Enumerable.Range(0, count).Select(index => (make ?? (at => Histories.Good(at)))((long)((from + ((to - from) * index / count)) * Second)));

    /// <summary>Good ones in the fault phase, then some that are not.</summary>
    public static IEnumerable<Sample> Fault(int good, int bad = 0, Func<long, Sample>? make = null) =>
        Spread(10, 30, good).Concat(Spread(20, 21, bad, make ?? (at => Histories.Failed(at))));

    public static Sample Of(Fate fate, long at, double seconds = 0.001) =>
        new(0, at, fate == Fate.NotSent ? -1 : at + 10, -1, at + (long)(seconds * Second), 0, fate, -1);

    public static Sample Shed(long at, double seconds = 0.001, short retryAfter = 1, short status = 503) =>
        new(0, at, at + 10, at + (long)(seconds * Second), at + (long)(seconds * Second), status, Fate.Answered, retryAfter);

    /// <summary>Takes so long, and is good.</summary>
    public static Func<long, Sample> Taking(double seconds, int stream = 0) => at => Histories.Good(at, (long)(seconds * Second), stream);

    public static Finding Check(this History history, Expectation expectation) => Checkers.Check(history, expectation);

    public static void Is(this Finding finding, Verdict verdict, string? reasonHas = null)
    {
        Assert.True(verdict == finding.Verdict, $"{finding.Verdict}: {finding.Reason}");
        if (reasonHas is not null)
            Assert.Contains(reasonHas, finding.Reason, StringComparison.Ordinal);
    }
}
