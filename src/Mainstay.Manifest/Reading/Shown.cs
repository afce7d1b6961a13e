using System.Text;

namespace Mainstay.Manifest.Reading;

/// <summary>Text from a file, made fit for one line on a terminal: short and without control characters.</summary>
internal static class Shown
{
    private const int Longest = 80;

    public static string Text(string text) => Text(text, Longest);

    public static string Text(string text, int longest)
    {
        var shown = new StringBuilder();
        foreach (var c in text)
        {
            if (shown.Length >= longest)
                return shown.Append('…').ToString();
            if (c == '\n')
                shown.Append("\\n");
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format)
                shown.Append($"\\u{(int)c:x4}");
            else
                shown.Append(c);
        }
        return shown.ToString();
    }

    /// <summary>Such as "a, b or c".</summary>
    public static string OneOf(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
