using System.Text;

namespace Mainstay.Architecture.Tests;

/// <summary>Just enough of C#'s lexical rules to tell code from comments.</summary>
internal static class SourceCode
{
    /// <summary>Blanks out comments; strings and line breaks stay.</summary>
    public static string WithoutComments(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = text[i] switch
            {
                '/' when At(text, i, "//") => End(text, text.IndexOf('\n', i)),
                '/' when At(text, i, "/*") => End(text, text.IndexOf("*/", i + 2, StringComparison.Ordinal) + 2),
                '"' => StringEnd(text, i),
                '\'' => QuotedEnd(text, i, '\''),
                _ => i + 1,
            };
            if (text[i] == '/' && end > i + 1)
                result.Append('\n', text.AsSpan(i, end - i).Count('\n'));
            else
                result.Append(text, i, end - i);
            i = end;
        }
        return result.ToString();
    }

    private static bool At(string text, int index, string what) => string.CompareOrdinal(text, index, what, 0, what.Length) == 0;

    private static int End(string text, int index) => index < 2 ? text.Length : index;

    private static int StringEnd(string text, int start)
    {
        var quotes = 1;
        while (start + quotes < text.Length && text[start + quotes] == '"')
            quotes++;
        if (quotes >= 3)
        {
            var close = text.IndexOf(new string('"', quotes), start + quotes, StringComparison.Ordinal);
            return close < 0 ? text.Length : close + quotes;
        }
        var verbatim = start > 0 && (text[start - 1] == '@' || (text[start - 1] == '$' && start > 1 && text[start - 2] == '@'));
        return verbatim ? VerbatimEnd(text, start) : QuotedEnd(text, start, '"');
    }

    private static int VerbatimEnd(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] != '"')
                continue;
            if (!At(text, i, "\"\""))
                return i + 1;
            i++;
        }
        return text.Length;
    }

    private static int QuotedEnd(string text, int start, char quote)
    {
        for (var i = start + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == quote)
                return i + 1;
        }
        return start + 1;
    }
}
