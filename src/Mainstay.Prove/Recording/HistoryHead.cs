using System.Collections.Immutable;

namespace Mainstay.Prove.Recording;

/// <summary>A history as it stands in <c>history.json</c>: all but the samples, and how many there are.</summary>
internal sealed record HistoryHead(
    int Version,
    string Experiment,
    string Subject,
    string Pillar,
    ulong Seed,
    DateTimeOffset StartedAt,
    ImmutableArray<LoadStream> Streams,
    ImmutableArray<Phase> Phases,
    ImmutableArray<Happening> Happenings,
    ImmutableArray<Expectation> Expectations,
    ImmutableArray<LoadSecond> Load,
    ImmutableArray<MachineSecond> Machine,
    int Samples,
    int Looks = 1)
{
    public static HistoryHead Of(History history) => new(
        history.Version, history.Experiment, history.Subject, history.Pillar, history.Seed, history.StartedAt, history.Streams, history.Phases,
        history.Happenings, history.Expectations, history.Load, history.Machine, history.Samples.Length,
        history.Looks);

    public History With(ImmutableArray<Sample> samples) => new(
        Version, Experiment, Subject, Pillar, Seed, StartedAt, Streams, Phases, Happenings, Expectations, Load, Machine, samples, Looks);
}
