using System.Text;

namespace Mainstay.Resilience.Tests.Simulations.Pictures;

/// <summary>Writes panels as SVG, in colours that can be read on light and on dark, the same bytes for the same figures.</summary>
internal static class Picture
{
    private const int Width = 720;
    private const int Left = 52;
    private const int Right = 12;
    private const int Height = 84;
    private const int Gap = 32;
    private const int Top = 30;

    private const string Style = """
        text{font:12px system-ui,sans-serif;fill:#6e7781}.h{font-weight:600}path{fill:none;stroke-width:1.6;stroke-linejoin:round}
        .g{stroke:#8b949e;stroke-opacity:.3;stroke-width:1}
        .Asked{stroke:#8b949e}.Good{stroke:#2f9e54}.Refused{stroke:#d9822b}.Limit{stroke:#5f7fd9}.Latency{stroke:#a765b8}.Without{stroke:#d1524c}
        .Capacity{stroke:#8b949e;stroke-dasharray:5 4;stroke-width:1.2}
        text.Asked{fill:#6e7781}text.Good{fill:#2f9e54}text.Refused{fill:#c26d15}text.Limit{fill:#5f7fd9}text.Latency{fill:#a765b8}text.Without{fill:#d1524c}text.Capacity{fill:#6e7781}
        text{stroke:none!important}@media(prefers-color-scheme:dark){text,text.Asked,text.Capacity{fill:#adb8c3}}
        """;

    /// <param name="title">For those who cannot see it.</param>
    /// <param name="until">The end of the time axis, in seconds.</param>
    /// <param name="panels">From above.</param>
    public static string Of(string title, double until, params Panel[] panels)
    {
        var height = Top + (panels.Length * (Height + Gap)) - 8;
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\">\n<title>{title}</title>\n<style>{Style}</style>\n");
        for (var i = 0; i < panels.Length; i++)
            Draw(svg, panels[i], Top + (i * (Height + Gap)), until);
        TimeAxis(svg, Top + (panels.Length * (Height + Gap)) - Gap, until);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Panel panel, int top, double until)
    {
        var highest = Round(panel.Series.SelectMany(series => series.Points).Select(point => point.Value).Where(double.IsFinite).DefaultIfEmpty(1).Max());
        Caption(svg, panel, top - 10);
        for (var part = 0; part <= 2; part++)
        {
            var y = top + Height - (Height * part / 2);
            svg.Append($"<path class=\"g\" d=\"M{Left} {y}H{Width - Right}\"/><text x=\"{Left - 6}\" y=\"{y + 4}\" text-anchor=\"end\">{Number(highest * part / 2)}</text>\n");
        }
        foreach (var series in panel.Series)
            Line(svg, series, top, until, highest);
    }

    private static void TimeAxis(StringBuilder svg, int bottom, double until)
    {
        var (unit, seconds) = until > 300 ? ("min", 60) : ("s", 1);
        var step = Step(until / seconds);
        for (var at = 0.0; at * seconds <= until; at += step)
        {
            var x = X(at * seconds, until);
            svg.Append($"<text x=\"{x:0.#}\" y=\"{bottom + 15}\" text-anchor=\"{(at == 0 ? "start" : x > Width - Right - 20 ? "end" : "middle")}\">{at:0.##}{(at == 0 ? " " + unit : "")}</text>");
        }
        svg.Append('\n');
    }

    private static void Caption(StringBuilder svg, Panel panel, int y)
    {
        svg.Append($"<text class=\"h\" x=\"{Left}\" y=\"{y}\">{panel.Caption}</text>");
        var x = Width - Right;
        foreach (var series in panel.Series.Reverse())
        {
            if (series.Name.Length == 0)
                continue;
            svg.Append($"<text class=\"{series.Ink}\" x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{series.Name}</text>");
            // About as wide as the letters are, and the stroke that stands before them.
            x -= (int)(series.Name.Length * 6.8) + 8;
            svg.Append($"<path class=\"{series.Ink}\" d=\"M{x - 14} {y - 4}h14\"/>");
            x -= 30;
        }
        svg.Append('\n');
    }

    private static void Line(StringBuilder svg, Series series, int top, double until, double highest)
    {
        svg.Append($"<path class=\"{series.Ink}\" d=\"");
        var isDown = false;
        foreach (var (at, value) in series.Points)
        {
            if (!double.IsFinite(value))
            {
                isDown = false;
                continue;
            }
            svg.Append($"{(isDown ? 'L' : 'M')}{X(at, until):0.#} {top + Height - (Height * Math.Min(1, value / highest)):0.#}");
            isDown = true;
        }
        svg.Append("\"/>\n");
    }

    private static double X(double at, double until) => Left + ((Width - Left - Right) * at / until);

    private static string Number(double value) => value >= 10_000 ? $"{value / 1000:0.#}k" : $"{value:0.##}";

    /// <summary>The next plain number, of which the half is one, too.</summary>
    private static double Round(double value)
    {
        var ten = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-9))));
        return ten * ((double[])[1, 2, 3, 4, 5, 6, 8, 10]).First(step => step >= (value / ten) - 1e-9);
    }

    private static double Step(double length) => ((double[])[1, 2, 5, 10, 15, 30, 60]).First(step => length / step <= 12);
}
