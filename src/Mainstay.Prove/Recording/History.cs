using System.Collections.Immutable;

namespace Mainstay.Prove.Recording;

/// <summary>
/// Everything that one run of one experiment recorded: enough to judge it, now or later. Times are microseconds of a monotonic clock since
/// <paramref name="StartedAt"/>.
/// </summary>
/// <param name="Version">Of the format: <see cref="CurrentVersion"/>.</param>
/// <param name="Experiment">Its name, such as <c>kill-replica</c>.</param>
/// <param name="Subject">What it broke: a service, a dependency; empty when it concerns all.</param>
/// <param name="Pillar">resilience · lifecycle · platform · security · scalability · observability · communication.</param>
/// <param name="Seed">Of all chance in it.</param>
/// <param name="StartedAt">Wall clock, for people.</param>
/// <param name="Streams">What the load sent.</param>
/// <param name="Phases">In the order of time.</param>
/// <param name="Happenings">In the order of time.</param>
/// <param name="Expectations">What must hold, and the evidence that the fault bit.</param>
/// <param name="Load">The generator's account of itself.</param>
/// <param name="Machine">The machine's.</param>
/// <param name="Samples">In the order of their <see cref="Sample.ScheduledAt"/>.</param>
/// <param name="Looks">
/// How often the plan allows to judge this load while it goes on: 1, or 2 when it may be extended once. Decided before the first request, since each
/// look then is judged at 97.5 % instead of 95 %.
/// </param>
internal sealed record History(
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
    ImmutableArray<Sample> Samples,
    int Looks = 1)
{
    public const int CurrentVersion = 2;

    /// <summary>Unique among the histories of a run.</summary>
    public string Title => Subject.Length == 0 ? Experiment : $"{Experiment} {Subject}";

    public Phase? FindPhase(string name) => Phases.FirstOrDefault(phase => phase.Name == name);
}
