using Mainstay.Cli.Terminal;
using Mainstay.Prove.Load;

namespace Mainstay.Cli.Loading;

/// <summary>A line for each second that is over, on standard error.</summary>
/// <param name="terminal">Where.</param>
/// <param name="rewrites">Each line takes the place of the one before: on a terminal.</param>
internal sealed class LoadProgress(ITerminal terminal, bool rewrites)
{
    private const string UpAndClear = "\e[1A\e[2K";

    private int _shown;

    public void Show(IReadOnlyList<LoadWindow> windows)
    {
        for (; _shown < windows.Count; _shown++)
            terminal.Error((rewrites && _shown > 0 ? UpAndClear : "") + Line(_shown + 1, windows[_shown]));
    }

    /// <summary>The summary takes its place.</summary>
    public void End()
    {
        if (rewrites && _shown > 0)
            terminal.Error(UpAndClear + "\e[1A");
    }

    private string Line(int second, LoadWindow window)
    {
        var failed = window.Failures > 0 ? terminal.ErrorStyle.Bad($"{window.Failures} failed") : "0 failed";
        return $"{second,5} s  {window.Count,6}/s  {failed}  p50 {Milliseconds.Of(window.Median)}  p95 {Milliseconds.Of(window.P95)}  p99 {Milliseconds.Of(window.P99)}";
    }
}
