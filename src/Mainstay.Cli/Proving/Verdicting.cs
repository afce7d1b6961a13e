using System.Collections.Immutable;
using Mainstay.Cli.Composition;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Reports;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Cli.Proving;

/// <summary>From histories to the table, the report and the exit code.</summary>
internal sealed class Verdicting(ITerminal terminal)
{
    /// <param name="name">Of the manifest.</param>
    /// <param name="histories">At least one, or the run shows nothing.</param>
    /// <param name="leftOut">What was not done.</param>
    /// <param name="seconds">How long it took, and was allowed to.</param>
    public static ProveReport Report(
        string name, IReadOnlyList<History> histories, IReadOnlyList<LeftOut> leftOut, (double Taken, double Budget) seconds) => new(
            name,
            histories.Select(history => history.StartedAt).DefaultIfEmpty().Min(),
            seconds.Taken,
            histories.Select(history => history.Seed).FirstOrDefault(),
            seconds.Budget,
            ThisMachine.Describe(),
            CommandLine.Version,
            [.. Judge.All(histories).Select(judged => ExperimentReport.Of(judged.History, judged.Judgement))],
            [.. leftOut]);

    /// <summary>The table at the end; the exit code.</summary>
    public int Conclude(ProveReport report)
    {
        terminal.Out("");
        foreach (var line in TerminalSummary.Lines(report))
            terminal.Out($"{line.Before}{Dress(line.Marked, line.Tone, terminal.OutStyle)}{line.After}".TrimEnd());
        return ProveExitCode.Of(report.Experiments.Select(experiment => experiment.Verdict).ToImmutableArray());
    }

    /// <summary>All equally wide.</summary>
    public static string Word(Verdict verdict, Style style) => verdict switch
    {
        Verdict.Holds => style.Good("holds       "),
        Verdict.Violated => style.Bad("violated    "),
        _ => style.Warn("inconclusive"),
    };

    private static string Dress(string text, Tone tone, Style style) => tone switch
    {
        Tone.Dim => style.Dim(text),
        Tone.Bold => style.Bold(text),
        Tone.Good => style.Good(text),
        Tone.Warn => style.Warn(text),
        Tone.Bad => style.Bad(text),
        _ => text,
    };
}
