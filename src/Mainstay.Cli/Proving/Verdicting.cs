using Mainstay.Cli.Terminal;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Cli.Proving;

/// <summary>From histories to the table and the exit code.</summary>
internal sealed class Verdicting(ITerminal terminal)
{
    public int Conclude(IReadOnlyList<History> histories, IReadOnlyList<LeftOut> leftOut, string? report)
    {
        var judged = Judge.All(histories);
        var style = terminal.OutStyle;
        terminal.Out("");
        foreach (var (history, judgement) in judged)
            terminal.Out($"{history.Pillar,-12} {history.Title,-30} {Word(judgement.Verdict, style)}  {judgement.Deciding.Number}");
        foreach (var (history, judgement) in judged.Where(one => one.Judgement.Verdict != Verdict.Holds))
            terminal.Out($"{Word(judgement.Verdict, style).Trim()} {history.Title}: {judgement.Deciding.Text} ({judgement.Deciding.From}): {judgement.Deciding.Reason}");
        foreach (var left in leftOut)
            terminal.Out(style.Dim($"not run: {left.What}: {left.Reason}"));
        if (report is not null)
            terminal.Out($"report: {report}");
        return ProveExit.Of([.. judged.Select(one => one.Judgement.Verdict)]);
    }

    /// <summary>All equally wide.</summary>
    public static string Word(Verdict verdict, Style style) => verdict switch
    {
        Verdict.Holds => style.Good("holds       "),
        Verdict.Violated => style.Bad("violated    "),
        _ => style.Warn("inconclusive"),
    };
}
