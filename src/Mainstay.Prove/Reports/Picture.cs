using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>
/// An experiment at a glance: above, what became of the requests of each second; below, their latency on a logarithmic scale; behind both the phases, across
/// them what was done.
/// </summary>
internal sealed class Picture
{
    private const int Width = 880;
    private const int Left = 58;
    private const int Right = 872;
    private const int Height = 304;

    /// <summary>A bar is at least so wide: a long experiment is drawn in steps of several seconds.</summary>
    private const int MostBars = 320;

    private readonly ExperimentReport _experiment;
    private readonly double _seconds;
    private readonly PlotArea _load;
    private readonly PlotArea _latency;

    private Picture(ExperimentReport experiment)
    {
        _experiment = experiment;
        _seconds = Math.Max(1, Math.Max(
            experiment.Phases.Select(phase => phase.To / 1e6).DefaultIfEmpty().Max(), experiment.Timeline.Select(second => second.Second + 1).DefaultIfEmpty().Max()));
        var step = (int)Math.Ceiling(_seconds / MostBars);
        Bars = PictureBar.Of(experiment.Timeline, step);
        _load = PlotArea.Linear(36, 128, Bars.Select(bar => bar.Total).DefaultIfEmpty().Max());
        _latency = PlotArea.Logarithmic(160, 274, [
            .. Bars.SelectMany(bar => new[] { bar.P50, bar.P99 }).Append(experiment.ObjectiveSeconds).OfType<double>().Where(seconds => seconds > 0)]);
    }

    private List<PictureBar> Bars { get; }

    public static Markup Of(ExperimentReport experiment) => new Picture(experiment).Draw();

    private Markup Draw() => Markup.Of($"""
        <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Description()}">
        <title>{Description()}</title>
        {Markup.Join(_experiment.Phases.Select(Band))}
        <text class="axis name" x="{Left}" y="{_load.Top - 6}">requests per second</text>
        <text class="axis name" x="{Left}" y="{_latency.Top - 6}">latency</text>
        {Grid(_load, Figures.Digits)}{Grid(_latency, Figures.Seconds)}{TimeAxis()}
        {Markup.Join(Bars.Select(Bar))}
        {Objective()}{Line("p50", bar => bar.P50)}{Line("p99", bar => bar.P99)}
        {Markup.Join(Marks())}
        </svg>
        """);

    private string Description() =>
        $"{_experiment.Title}: load, failures and latency over {Figures.Digits(_seconds)} seconds; "
        + $"{Figures.Count(_experiment.Timeline.Sum(second => second.Good))} good, {Figures.Count(_experiment.Timeline.Sum(second => second.Refused))} refused, "
        + $"{Figures.Count(_experiment.Timeline.Sum(second => second.Failed))} failed";

    private double X(double second) => Left + ((Right - Left) * Math.Clamp(second / _seconds, 0, 1));

    private Markup Band(Phase phase)
    {
        var (from, to) = (X(phase.From / 1e6), X(phase.To / 1e6));
        var name = to - from < 8 * phase.Name.Length ? default(Markup?)
            : Markup.Of($"""<text class="phase" x="{from + 5}" y="15">{phase.Name}</text>""");
        var shade = phase.Name is Phase.Names.Fault or Phase.Names.Recovery or Phase.Names.WarmUp ? phase.Name : "other";
        return Markup.Of($"""
            <rect class="band {shade}" x="{from}" y="2" width="{Math.Max(0, to - from)}" height="{_latency.Bottom - 2}"><title>{phase.Name}</title></rect>{name ?? new Markup("")}
            """);
    }

    private static Markup Grid(PlotArea area, Func<double, string> show) => Markup.Join(area.Ticks.Select(tick => Markup.Of($"""
        <path class="grid" d="M{Left} {area.Y(tick)}H{Right}"/><text class="axis value" x="{Left - 7}" y="{area.Y(tick) + 4}">{show(tick)}</text>
        """)));

    private Markup TimeAxis()
    {
        double[] steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600];
        var step = Array.Find(steps, step => _seconds / step <= 12) is var found and > 0 ? found : Math.Ceiling(_seconds / 12);
        return Markup.Join(Enumerable.Range(0, (int)(_seconds / step) + 1).Select(index => Markup.Of($"""
            <path class="tick" d="M{X(index * step)} {_latency.Bottom}v4"/><text class="axis time" x="{X(index * step)}" y="{_latency.Bottom + 17}">{Figures.Digits(index * step)} s</text>
            """)));
    }

    private Markup Bar(PictureBar bar)
    {
        var (x, width) = (X(bar.From), Math.Max(0.8, X(bar.To) - X(bar.From) - 0.4));
        // One failure among hundreds must be seen.
        var failed = bar.Failed > 0 ? Math.Max(3, _load.Bottom - _load.Y(bar.Failed)) : 0;
        var refused = bar.Refused > 0 ? Math.Max(1, _load.Bottom - _load.Y(bar.Refused)) : 0;
        var good = Math.Max(0, _load.Bottom - _load.Y(bar.Good));
        return Markup.Join([Piece("failed", 0, failed), Piece("refused", failed, refused), Piece("good", failed + refused, good)]);

        Markup Piece(string kind, double below, double height)
        {
            var top = Math.Max(_load.Top, _load.Bottom - below - height);
            height = _load.Bottom - below - top;
            return height <= 0 ? new("") : Markup.Of($"""<rect class="{kind}" x="{x}" y="{top}" width="{width}" height="{height}"/>""");
        }
    }

    private Markup Objective() => _experiment.ObjectiveSeconds is { } objective and > 0
        ? Markup.Of($"""<path class="objective" d="M{Left} {_latency.Y(objective)}H{Right}"><title>objective {Figures.Seconds(objective)}</title></path>""")
        : new("");

    /// <summary>Broken where there is no value; a lone value is a dot.</summary>
    private Markup Line(string kind, Func<PictureBar, double?> value)
    {
        var runs = new List<List<(double X, double Y)>>();
        PictureBar? last = null;
        foreach (var bar in Bars.Where(bar => value(bar) is > 0))
        {
            if (last is null || bar.From > last.To)
                runs.Add([]);
            runs[^1].Add((X((bar.From + bar.To) / 2.0), _latency.Y(value(bar)!.Value)));
            last = bar;
        }

        return Markup.Join(runs.Select(run => run.Count == 1
            ? Markup.Of($"""<circle class="dot {kind}" cx="{run[0].X}" cy="{run[0].Y}" r="1.8"/>""")
            : Markup.Of($"""<path class="line {kind}" d="M{Markup.Join(run.Select(point => Markup.Of($"{point.X} {point.Y} ")))}"/>""")));
    }

    /// <summary>All lines, then the letters that have room, so that no line crosses one.</summary>
    private IEnumerable<Markup> Marks()
    {
        var marks = PictureMark.Of(_experiment.Happenings).Select(mark => (Mark: mark, X: X(mark.Happening.At / 1e6))).ToList();
        foreach (var (mark, x) in marks)
            yield return Markup.Of($"""<path class="mark {mark.Tone}" d="M{x} 22V{_latency.Bottom}"><title>{Figures.Micros(mark.Happening.At)} {mark.Happening.Text}</title></path>""");
        var free = double.MinValue;
        foreach (var (mark, x) in marks)
        {
            if (x < free)
                continue;
            free = x + 15;
            yield return Markup.Of($"""<circle class="knob {mark.Tone}" cx="{x}" cy="26" r="7"/><text class="knob" x="{x}" y="29.5">{mark.Letter}</text>""");
        }
    }
}
