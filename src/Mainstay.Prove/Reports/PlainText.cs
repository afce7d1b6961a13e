using System.Globalization;
using System.Text;

namespace Mainstay.Prove.Reports;

/// <summary>
/// Text from an application, on its way into a terminal, XML or HTML: one line, without characters that control something or belong to no letter.
/// </summary>
internal static class PlainText
{
    public static string Of(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var kind = Rune.GetUnicodeCategory(rune);
            if (rune.Value is '\n' or '\r' or '\t' || kind is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(' ');
            // Control: escape sequences. Format: letters that change the direction of others. U+FFFE and U+FFFF are not allowed in XML.
            else if (kind is UnicodeCategory.Control or UnicodeCategory.Format || (rune.Value & 0xFFFE) == 0xFFFE)
                line.Append('\uFFFD');
            else
                line.Append(rune.ToString());
        }

        return line.ToString();
    }
}
