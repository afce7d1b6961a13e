using System.Text;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Storms;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Cli.Demo;

/// <summary>A storm as a row of characters: one for each second, or for several where there are too many.</summary>
internal sealed class SecondStrip(Storm storm, Style style)
{
    private const int MostCells = 60;
    private const char Good = '█';
    private const char Refusing = '▒';
    private const char Bad = '×';
    private const char ToCome = '·';

    private readonly int _step = (storm.Seconds + MostCells - 1) / MostCells;

    private int Cells => (storm.Seconds + _step - 1) / _step;

    /// <summary>Full: good; half: good with refusals; a cross: bad; a dot: to come. A cell is as bad as the worst of its seconds.</summary>
    public string Of(IReadOnlyList<StormSecond> seconds)
    {
        var text = new StringBuilder();
        foreach (var group in seconds.GroupBy(second => second.Index / _step))
        {
            text.Append(group.Any(second => !second.IsGood) ? style.Bad($"{Bad}")
                : group.Any(second => second.Refused > 0) ? style.Warn($"{Refusing}")
                : style.Good($"{Good}"));
        }
        var known = (seconds.Count + _step - 1) / _step;
        return text.Append(style.Dim(new string(ToCome, Math.Max(0, Cells - known)))).ToString();
    }

    /// <summary>What happens above which cells, as far as there is room.</summary>
    public string Acts()
    {
        var text = new StringBuilder();
        foreach (var act in storm.Acts)
        {
            var cell = (int)(act.At.TotalSeconds / _step);
            if (cell > text.Length || text.Length == 0)
                text.Append(' ', Math.Max(0, cell - text.Length)).Append(Brief(act.Kind));
        }
        return text.ToString();
    }

    private static string Brief(ActKind kind) => kind switch
    {
        ActKind.KillOne => "kill",
        ActKind.KillAll => "all",
        ActKind.Freeze => "freeze",
        ActKind.Hang => "hang",
        ActKind.BadRelease => "release",
        ActKind.Overload => "10×",
        _ => "death",
    };
}
