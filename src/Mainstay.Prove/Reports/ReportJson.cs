using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>
/// The report for programs: snake_case, as docs/prove-report.schema.json describes it. Seconds everywhere; a seed is text, since it has 64 bits. Fields may be
/// added within a version; what is there keeps its meaning.
/// </summary>
internal static class ReportJson
{
    public const int CurrentVersion = 1;

    public static byte[] Write(ProveReport report) => JsonSerializer.SerializeToUtf8Bytes(Of(report), ReportJsonContext.Default.Root);

    private static Root Of(ProveReport report) => new(
        CurrentVersion,
        report.MainstayVersion,
        report.Manifest,
        report.StartedAt,
        report.Seconds,
        report.Seed.ToString(),
        report.BudgetSeconds,
        report.Machine,
        report.Verdict.Word(),
        ProveExitCode.Of(report.Experiments.Select(experiment => experiment.Verdict)),
        new(report.Count(Verdict.Holds), report.Count(Verdict.Violated), report.Count(Verdict.Inconclusive)),
        [.. report.Experiments.Select(Of)],
        report.LeftOut);

    private static Experiment Of(ExperimentReport experiment) => new(
        experiment.Name,
        experiment.Subject,
        experiment.Pillar,
        experiment.Verdict.Word(),
        experiment.Number,
        experiment.Judgement.Deciding.Reason,
        experiment.Judgement.Deciding.Claim,
        experiment.StartedAt,
        experiment.Seed.ToString(),
        [.. experiment.Judgement.Findings.Select(Of)],
        [.. experiment.Phases.Select(phase => new PhaseEntry(phase.Name, phase.From / 1e6, phase.To / 1e6))],
        [.. experiment.Happenings.Select(happening =>
            new HappeningEntry(happening.At / 1e6, happening.Kind, happening.Subject, happening.Text, Finite(happening.Numbers)))],
        experiment.Streams,
        experiment.Timeline);

    private static FindingEntry Of(Finding finding) => new(
        finding.Claim, finding.Text, finding.From, finding.Verdict.Word(), finding.Reason, finding.Number, finding.Samples, finding.Evidence,
        Finite(finding.Seen), Finite(finding.Lower), Finite(finding.Upper), Finite(finding.Target), Finite(finding.PValue), finding.Enough);

    /// <summary>JSON has no word for endless.</summary>
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static ImmutableSortedDictionary<string, double> Finite(ImmutableSortedDictionary<string, double> numbers) =>
        numbers.RemoveRange(numbers.Where(number => !double.IsFinite(number.Value)).Select(number => number.Key));

    internal sealed record Root(
        int Version, string Mainstay, string Manifest, DateTimeOffset StartedAt, double Seconds, string Seed, double BudgetSeconds, string Machine,
        string Verdict, int ExitCode, Counts Counts, ImmutableArray<Experiment> Experiments, ImmutableArray<LeftOut> LeftOut);

    internal sealed record Counts(int Holds, int Violated, int Inconclusive);

    internal sealed record Experiment(
        string Name, string Subject, string Pillar, string Verdict, string Number, string Reason, string DecidedBy, DateTimeOffset StartedAt, string Seed,
        ImmutableArray<FindingEntry> Findings, ImmutableArray<PhaseEntry> Phases, ImmutableArray<HappeningEntry> Happenings,
        ImmutableArray<string> Streams, ImmutableArray<TimelineSecond> Timeline);

    internal sealed record FindingEntry(
        string Claim, string Text, string From, string Verdict, string Reason, string Number, int Samples, bool Evidence, double? Seen, double? Lower,
        double? Upper, double? Target, [property: JsonPropertyName("p_value")] double? PValue, int? Enough);

    internal sealed record PhaseEntry(string Name, double From, double To);

    internal sealed record HappeningEntry(double At, string Kind, string Subject, string Text, ImmutableSortedDictionary<string, double> Numbers);
}
