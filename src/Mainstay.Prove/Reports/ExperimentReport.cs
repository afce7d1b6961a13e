using System.Collections.Immutable;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>One experiment in a report: what became of its history.</summary>
/// <param name="Name">Such as <c>kill-replica</c>.</param>
/// <param name="Subject">What was broken; empty when it concerns all.</param>
/// <param name="Pillar">Under which it stands.</param>
/// <param name="StartedAt">Wall clock.</param>
/// <param name="Seed">Of all chance in it.</param>
/// <param name="Judgement">Verdict and findings.</param>
/// <param name="Phases">In the order of time.</param>
/// <param name="Happenings">What was done and seen, in the order of time.</param>
/// <param name="Streams">What the load sent.</param>
/// <param name="Timeline">Second by second.</param>
/// <param name="ObjectiveSeconds">The smallest latency objective of the load; null without load.</param>
internal sealed record ExperimentReport(
    string Name,
    string Subject,
    string Pillar,
    DateTimeOffset StartedAt,
    ulong Seed,
    Judgement Judgement,
    ImmutableArray<Phase> Phases,
    ImmutableArray<Happening> Happenings,
    ImmutableArray<string> Streams,
    ImmutableArray<TimelineSecond> Timeline,
    double? ObjectiveSeconds)
{
    public string Title => Subject.Length == 0 ? Name : $"{Name} {Subject}";

    public Verdict Verdict => Judgement.Verdict;

    /// <summary>The one number that decided.</summary>
    public string Number => Judgement.Deciding.Number;

    public static ExperimentReport Of(History history, Judgement judgement) => new(
        history.Experiment,
        history.Subject,
        history.Pillar,
        history.StartedAt,
        history.Seed,
        judgement,
        history.Phases,
        history.Happenings,
        [.. history.Streams.Select(stream => stream.Role == LoadStream.Roles.Load ? stream.Name : $"{stream.Name} ({stream.Role})")],
        TimelineSecond.Of(history),
        history.Streams.Where(stream => stream.Role == LoadStream.Roles.Load).Select(stream => (double?)stream.LatencyP99Seconds).Min());
}
