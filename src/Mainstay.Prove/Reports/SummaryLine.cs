namespace Mainstay.Prove.Reports;

/// <summary>A line for a terminal: a piece of it stands out.</summary>
/// <param name="Before">Plain.</param>
/// <param name="Marked">Dressed in <paramref name="Tone"/>.</param>
/// <param name="After">Plain.</param>
/// <param name="Tone">How.</param>
internal sealed record SummaryLine(string Before, string Marked, string After, Tone Tone)
{
    /// <summary>Without any dress.</summary>
    public string Text => $"{Before}{Marked}{After}".TrimEnd();
}
