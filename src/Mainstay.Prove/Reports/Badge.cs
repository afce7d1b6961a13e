using System.Globalization;
using System.Text;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>A small picture for a readme: how many experiments hold.</summary>
internal static class Badge
{
    private const int Height = 20;
    private const int LabelWidth = 66;

    public static byte[] Write(ProveReport report)
    {
        var text = Text(report);
        // Of 11 px text, about; the text is fitted to it.
        var width = (int)Math.Ceiling(text.Length * 6.6) + 14;
        var colour = report.Verdict switch { Verdict.Holds => "#1a7f37", Verdict.Violated => "#c62828", _ => "#8a6100" };
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{LabelWidth + width}" height="{Height}" role="img" aria-label="mainstay: {text}">
              <title>mainstay: {text}</title>
              <path fill="#444c56" d="M4 0h{LabelWidth - 4}v{Height}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z"/>
              <path fill="{colour}" d="M{LabelWidth} 0h{width - 4}a4 4 0 0 1 4 4v{Height - 8}a4 4 0 0 1-4 4H{LabelWidth}z"/>
              <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
                <text x="{LabelWidth / 2}" y="14" textLength="{LabelWidth - 14}">mainstay</text>
                <text x="{LabelWidth + (width / 2)}" y="14" textLength="{width - 14}">{text}</text>
              </g>
            </svg>

            """));
    }

    private static string Text(ProveReport report)
    {
        var all = report.Experiments.Length;
        return report.Verdict switch
        {
            Verdict.Holds => $"✓ {all} of {all} hold",
            Verdict.Violated => $"✗ {report.Count(Verdict.Violated)} of {all} violated",
            _ when all == 0 => "? nothing shown",
            _ => $"? {report.Count(Verdict.Inconclusive)} of {all} inconclusive",
        };
    }
}
