namespace Mainstay.Manifest.Values;

/// <summary>A route's path: <c>*</c> stands for one segment, a last <c>**</c> for the rest, <c>/a/**</c> also for <c>/a</c>.</summary>
internal static class PathPattern
{
    /// <summary>Null, or what is wrong and the remedy.</summary>
    public static string? Check(string pattern)
    {
        if (pattern.Length == 0 || pattern[0] != '/')
            return $"must begin with a slash; write /{pattern}";
        if (pattern.Length > 2048)
            return "is longer than 2048 characters; shorten it";
        if (pattern.IndexOfAny(['?', '#', ' ', '\\']) is >= 0 and var at)
            return $"holds `{pattern[at]}`; a path has no query, fragment, blank or backslash";
        var segments = pattern[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (segment.Length == 0 && i < segments.Length - 1)
                return "holds `//`; write a single slash";
            if (segment is "." or "..")
                return $"holds `{segment}`; write the path that results";
            if (segment == "**" && i < segments.Length - 1)
                return "has `**` in the middle; `**` stands for the rest, so it comes last (one segment is `*`)";
            if (segment is not ("*" or "**") && segment.Contains('*'))
                return "has a `*` inside a segment; `*` stands for a whole segment, `**` for the rest";
            if (segment is ['{', .., '}'])
                return $"holds `{segment}`; write * for one segment, ** for the rest";
        }
        return null;
    }

    public static bool Matches(string pattern, string path)
    {
        var expected = pattern[1..].Split('/');
        var actual = path.Split('?', 2)[0].TrimStart('/').Split('/');
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == "**")
                return true;
            if (i >= actual.Length || (expected[i] != "*" && expected[i] != actual[i]))
                return false;
        }
        return actual.Length == expected.Length;
    }
}
