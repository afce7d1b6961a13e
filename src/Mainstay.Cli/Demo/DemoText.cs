using System.Globalization;
using Mainstay.Cli.Loading;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Storms;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Cli.Demo;

/// <summary>What the demo says before and after.</summary>
internal sealed class DemoText(Style style)
{
    /// <summary>A load that was later than that casts doubt on seconds, which have a limit of 1 s.</summary>
    private const double LateLoad = 0.05;

    private static readonly string[] Columns = ["good seconds", "failed", "slow", "refused in time", "POSTs twice"];

    public Style Style => style;

    public IEnumerable<string> Opening(Storm storm, Line line, StormApp app, bool inTurn)
    {
        yield return $"{style.Bold("mainstay demo")}: a storm of {storm.Length.TotalSeconds:0} s on the same app ({app.Name}, {(inTurn ? "one contender after the other" : "side by side")}), {StormLoad.PerSecond:0} requests/s each";
        foreach (var missing in line.Missing)
            yield return style.Dim($"  {missing}");
    }

    public IEnumerable<string> Closing(Storm storm, IReadOnlyList<StormResult> results)
    {
        var names = results.Max(result => result.Contender.Length);
        yield return "";
        yield return style.Bold($"{"".PadRight(names)}{string.Concat(Columns.Select(column => "   " + column))}");
        foreach (var result in results)
            yield return Row(result.Contender.PadRight(names), storm, result);
        yield return "";
        yield return style.Dim("a good second: every request of it was answered well within 1 s, or, during the overload, refused within 50 ms with Retry-After");
        foreach (var note in results.SelectMany(Notes))
            yield return style.Warn(note);
    }

    /// <summary>What it has come to so far.</summary>
    public string Score(StormScore score) =>
        $"{style.Bold($"{score.Good,3}")}/{score.Seconds} good{(score.Failed + score.Slow > 0 ? ", " + style.Bad($"{Count(score.Failed)} failed") : "")}";

    private string Row(string name, Storm storm, StormResult result)
    {
        var score = result.Score;
        string Cell(int column, string text) => "   " + text.PadLeft(Columns[column].Length);
        string Bad(int column, long count) => count > 0 ? style.Bad(Cell(column, Count(count))) : Cell(column, Count(count));
        return $"{name}{style.Bold(Cell(0, $"{score.Good} of {storm.Seconds}"))}{Bad(1, score.Failed)}{Cell(2, Count(score.Slow))}{Cell(3, Count(score.Refused))}{Bad(4, result.Orders.Twice)}";
    }

    private static IEnumerable<string> Notes(StormResult result)
    {
        foreach (var act in result.Acts.Where(act => !act.Bit))
            yield return $"{result.Contender}, {act.Act.Title}: {act.What}";
        if (result.LagP99 > LateLoad)
            yield return $"{result.Contender}: the load itself was late by {Milliseconds.Of(result.LagP99)} at p99; the machine was too busy for a fair count";
    }

    private static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);
}
