using System.Collections.Immutable;
using Mainstay.Prove.Storms;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Cli.Demo;

/// <summary>The storm while it lasts: a strip for each contender on a terminal, a line for each act elsewhere.</summary>
/// <param name="storm">What happens.</param>
/// <param name="runs">To whom, at the same time.</param>
/// <param name="text">How it is said.</param>
/// <param name="say">Where.</param>
/// <param name="rewrites">A terminal, on which what is shown takes the place of what was.</param>
internal sealed class DemoView(Storm storm, ImmutableArray<StormRun> runs, DemoText text, Action<string> say, bool rewrites)
{
    private const string Clear = "\e[2K";
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    private readonly SecondStrip _strip = new(storm, text.Style);
    private int _lines;
    private int _said;

    /// <summary>Until it is cancelled.</summary>
    public async Task ShowAsync(TimeProvider time, CancellationToken ended)
    {
        while (true)
        {
            Show();
            try
            {
                await Task.Delay(Refresh, time, ended);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        Show();
    }

    private void Show()
    {
        if (rewrites)
        {
            Redraw([.. Picture()]);
            return;
        }
        var now = runs[0].Now;
        for (; _said < storm.Acts.Length && storm.Acts[_said].At.TotalSeconds <= now; _said++)
        {
            var act = storm.Acts[_said];
            say($"{act.At.TotalSeconds,5:0} s  {act.Words}");
            if (_said > 0)
                say($"         so far {string.Join("; ", runs.Select(run => $"{run.Name} {text.Score(StormScore.Of(run.Seconds))}"))}");
        }
    }

    private IEnumerable<string> Picture()
    {
        var names = Math.Max(8, runs.Max(run => run.Name.Length));
        yield return "";
        yield return $"  {"".PadRight(names)}  {text.Style.Dim(_strip.Acts())}";
        foreach (var run in runs)
        {
            var seconds = run.Seconds;
            yield return $"  {run.Name.PadRight(names)}  {_strip.Of(seconds)}  {text.Score(StormScore.Of(seconds))}";
        }
        yield return "";
        yield return $"  {Doing()}";
    }

    private string Doing()
    {
        var now = runs.Max(run => run.Now);
        if (now < 0)
            return "the calm before it …";
        var last = storm.Acts.LastOrDefault(act => act.At.TotalSeconds <= now);
        return $"{Math.Min(now, storm.Seconds),3:0} s  {last?.Words ?? "the calm before it …"}";
    }

    private void Redraw(string[] lines)
    {
        var back = _lines > 0 ? $"\e[{_lines}A" : "";
        say(back + string.Join('\n', lines.Select(line => Clear + line)));
        _lines = lines.Length;
    }
}
