using System.Buffers;
using System.Text;

namespace Mainstay.Edge.Routing;

/// <summary>
/// A target's path as routes see it: without dot segments and repeated slashes, percent-decoded (but for %2F, which is no separator).
/// So <c>/public/../admin</c>, <c>//admin</c> and <c>/%61dmin</c> are <c>/admin</c> and none slips past a route for it.
/// </summary>
internal static class RequestPath
{
    /// <summary>Stands for %2F, which stays what it is: no byte has this value.</summary>
    private const char EncodedSlash = '\uFFFF';

    private static readonly SearchValues<char> Ends = SearchValues.Create("?#");

    /// <summary>Where the path ends in a target: at its query, or at its end.</summary>
    public static int LengthIn(ReadOnlySpan<char> target) => target.IndexOfAny(Ends) is var at and >= 0 ? at : target.Length;

    /// <summary>Dot segments in any spelling.</summary>
    public static bool HasDotSegments(ReadOnlySpan<char> path)
    {
        if (path.IndexOf("/.") < 0 && path.IndexOf("%2e", StringComparison.OrdinalIgnoreCase) < 0)
            return false;
        foreach (var range in path.Split('/'))
        {
            if (DotsIn(path[range]) > 0)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Dot segments for a server behind that takes %2F, %5C or a backslash for a separator (<c>/public/..%2Fadmin</c>): for routes they are
    /// none, and nobody honest sends them.
    /// </summary>
    public static bool HidesDotSegments(ReadOnlySpan<char> path)
    {
        if (path.IndexOf('\\') < 0 && path.IndexOf("%2f", StringComparison.OrdinalIgnoreCase) < 0 && path.IndexOf("%5c", StringComparison.OrdinalIgnoreCase) < 0)
            return false;
        // What stands between two separators of any kind: its dots, or -1 for anything else.
        var dots = 0;
        for (var at = 0; at < path.Length;)
        {
            var c = DecodeAt(path, ref at);
            if (c is '/' or '\\' or EncodedSlash)
            {
                if (dots is 1 or 2)
                    return true;
                dots = 0;
            }
            else
            {
                dots = c == '.' && dots >= 0 ? dots + 1 : -1;
            }
        }
        return dots is 1 or 2;
    }

    /// <summary>Resolves dot segments (RFC 3986, section 5.2.4) and leaves all other segments as they were written.</summary>
    public static string WithoutDotSegments(ReadOnlySpan<char> path)
    {
        var kept = new List<string>();
        var last = 0;
        foreach (var range in path[1..].Split('/'))
        {
            var segment = path[1..][range];
            last = DotsIn(segment);
            if (last == 2 && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
            else if (last == 0)
                kept.Add(segment.ToString());
        }
        // "/a/." and "/a/b/.." name a folder: they end with a slash.
        if (last > 0)
            kept.Add("");
        return "/" + string.Join('/', kept);
    }

    /// <summary>Whether a segment, once decoded, is what a route's literal segment says. Both count bytes.</summary>
    /// <param name="segment">As written by the client.</param>
    /// <param name="literal">Decoded: one character per byte.</param>
    public static bool SegmentEquals(ReadOnlySpan<char> segment, ReadOnlySpan<char> literal)
    {
        if (segment.IndexOf('%') < 0)
            return segment.SequenceEqual(literal);
        var at = 0;
        foreach (var expected in literal)
        {
            if (at >= segment.Length || DecodeAt(segment, ref at) != expected)
                return false;
        }
        return at == segment.Length;
    }

    /// <summary>A literal segment of a pattern in the form that <see cref="SegmentEquals"/> compares with.</summary>
    public static string Literal(string segment)
    {
        var bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(segment));
        var decoded = new StringBuilder(bytes.Length);
        for (var at = 0; at < bytes.Length;)
            decoded.Append(DecodeAt(bytes, ref at));
        return decoded.ToString();
    }

    /// <summary>The byte at a place, percent-decoded, and the place moved beyond it. A lone percent sign is taken as written.</summary>
    private static char DecodeAt(ReadOnlySpan<char> text, ref int at)
    {
        var c = text[at++];
        if (c != '%' || at + 1 >= text.Length || !char.IsAsciiHexDigit(text[at]) || !char.IsAsciiHexDigit(text[at + 1]))
            return c;
        var value = (char)((HexOf(text[at]) << 4) | HexOf(text[at + 1]));
        at += 2;
        return value == '/' ? EncodedSlash : value;
    }

    private static int HexOf(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;

    /// <summary>1 for ".", 2 for "..", whatever their spelling; 0 for anything else.</summary>
    private static int DotsIn(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        for (var at = 0; at < segment.Length; dots++)
        {
            if (dots == 2 || DecodeAt(segment, ref at) != '.')
                return 0;
        }
        return dots;
    }
}
