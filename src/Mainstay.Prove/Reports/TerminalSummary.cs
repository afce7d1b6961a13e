using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>The table at the end of a run: pillar · experiment · verdict · the one number that decided.</summary>
internal static class TerminalSummary
{
    private const string Gap = "  ";

    public static ImmutableArray<SummaryLine> Lines(ProveReport report)
    {
        var rows = report.ByPillar().SelectMany(pillar => pillar.Select((experiment, index) => (
            Pillar: index == 0 ? PlainText.Of(pillar.Key) : "",
            Title: PlainText.Of(experiment.Title),
            Verdict: $"{experiment.Verdict.Sign()} {experiment.Verdict.Word()}",
            Number: PlainText.Of(experiment.Number),
            Experiment: experiment))).ToList();
        var pillars = Width("pillar", rows.Select(row => row.Pillar));
        var titles = Width("experiment", rows.Select(row => row.Title));
        var verdicts = Width("verdict", rows.Select(row => row.Verdict));
        var lines = ImmutableArray.CreateBuilder<SummaryLine>();
        lines.Add(new("", $"{Pad("pillar", pillars)}{Gap}{Pad("experiment", titles)}{Gap}{Pad("verdict", verdicts)}{Gap}decided by", "", Tone.Dim));
        foreach (var row in rows)
        {
            lines.Add(new(
                $"{Pad(row.Pillar, pillars)}{Gap}{Pad(row.Title, titles)}{Gap}", Pad(row.Verdict, verdicts), $"{Gap}{row.Number}",
                ToneOf(row.Experiment.Verdict)));
            if (row.Experiment.Verdict != Verdict.Holds)
                lines.Add(new($"{Pad("", pillars)}{Gap}", PlainText.Of(row.Experiment.Judgement.Deciding.Reason), "", Tone.Dim));
        }

        lines.AddRange(report.LeftOut.Select(left =>
            new SummaryLine("", "left out", $"{Gap}{PlainText.Of(left.What)}: {PlainText.Of(left.Reason)}", Tone.Warn)));
        lines.Add(new("", Conclusion(report), "", ToneOf(report.Verdict)));
        return lines.ToImmutable();
    }

    /// <summary>One sentence about all of them.</summary>
    public static string Conclusion(ProveReport report)
    {
        var all = report.Experiments.Length;
        if (all == 0)
            return "No experiment ran: nothing is shown.";
        var parts = new[] { Verdict.Violated, Verdict.Inconclusive }
            .Select(verdict => (Word: verdict.Word(), Count: report.Count(verdict)))
            .Where(part => part.Count > 0)
            .Select(part => $"{part.Count} {(part.Count == 1 ? "is" : "are")} {part.Word}");
        var leftOut = report.LeftOut.Length switch { 0 => ".", 1 => ", and 1 thing was left out.", var count => $", and {count} things were left out." };
        if (report.Verdict == Verdict.Holds)
            return (all == 1 ? "The one experiment holds" : $"All {all} experiments hold") + leftOut;
        var hold = report.Count(Verdict.Holds);
        return (all == 1 ? $"The one experiment is {report.Verdict.Word()}" : $"Of {all} experiments {hold} {(hold == 1 ? "holds" : "hold")}, {string.Join(", ", parts)}") + leftOut;
    }

    private static Tone ToneOf(Verdict verdict) => verdict switch { Verdict.Holds => Tone.Good, Verdict.Violated => Tone.Bad, _ => Tone.Warn };

    private static int Width(string head, IEnumerable<string> cells) => cells.Append(head).Max(Length);

    private static string Pad(string text, int width) => text + new string(' ', width - Length(text));

    /// <summary>Columns, about: letters with their marks count once.</summary>
    private static int Length(string text) => new StringInfo(text).LengthInTextElements;
}
