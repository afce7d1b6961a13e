using System.Runtime.CompilerServices;
using System.Text;

namespace Mainstay.Prove.Reports;

/// <summary>
/// A piece of HTML or SVG. Made of interpolated strings whose literals are markup and whose holes are text: a hole is escaped unless it is markup itself, so
/// that none can be forgotten.
/// </summary>
internal readonly record struct Markup(string Text)
{
    public static Markup Of(MarkupBuilder builder) => new(builder.ToString());

    public static Markup Join(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    public override string ToString() => Text;
}

/// <summary>Escapes what stands in the holes.</summary>
[InterpolatedStringHandler]
internal readonly struct MarkupBuilder(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

    public void AppendFormatted(string? text) => _text.Append(System.Net.WebUtility.HtmlEncode(PlainText.Of(text ?? "")));

    public void AppendFormatted(int number) => _text.Append(number);

    /// <summary>A coordinate: a tenth of a pixel is enough.</summary>
    public void AppendFormatted(double number) => _text.Append(number.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
