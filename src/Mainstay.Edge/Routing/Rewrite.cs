namespace Mainstay.Edge.Routing;

/// <summary>Makes new targets of a request's target: without a prefix, or as the place a redirect points to. Raw, as the client wrote it.</summary>
internal static class Rewrite
{
    /// <summary>
    /// The target without a prefix, if it has it, segment by segment (<c>/api</c> is not a prefix of <c>/apis</c>); otherwise as it is.
    /// </summary>
    public static string StripPrefix(string target, string prefix)
    {
        var path = target.AsSpan(0, RequestPath.LengthIn(target));
        if (Skip(path, prefix, literally: true) is not { } rest)
            return target;
        // One slash: what a client put behind the prefix must not read as "//host" to the upstream.
        return string.Concat("/", path[rest..].TrimStart('/'), target.AsSpan(path.Length));
    }

    /// <summary>
    /// Where a redirect points to: <c>{rest}</c> replaced by what <c>**</c> matched, the query kept. What a client sends can only
    /// become a path below what the template says: it begins neither with a slash nor with a backslash, so never names a host.
    /// </summary>
    public static string Location(string template, string pattern, string target)
    {
        var path = target.AsSpan(0, RequestPath.LengthIn(target));
        var query = target.AsSpan(path.Length);
        if (query.IndexOf('#') is var fragment and >= 0)
            query = query[..fragment];
        var at = template.IndexOf("{rest}", StringComparison.Ordinal);
        var location = template;
        if (at >= 0)
        {
            var rest = pattern.EndsWith("**", StringComparison.Ordinal) && Skip(path, pattern[..^2].TrimEnd('/'), literally: false) is { } from
                ? path[from..].TrimStart("/\\").ToString()
                : "";
            location = (at == 0 ? "/" : "") + template.Replace("{rest}", rest, StringComparison.Ordinal);
        }
        if (query.Length > 1)
            location = string.Concat(location, location.Contains('?') ? "&" : "?", query[1..]);
        return location;
    }

    /// <summary>Where in the path the segments of a prefix end; null if it does not begin with them.</summary>
    private static int? Skip(ReadOnlySpan<char> path, string prefix, bool literally)
    {
        var at = 0;
        foreach (var range in prefix.AsSpan().Split('/'))
        {
            var wanted = prefix[range];
            if (wanted.Length == 0)
                continue;
            while (at < path.Length && path[at] == '/')
                at++;
            var length = path[at..].IndexOf('/') is var slash and >= 0 ? slash : path.Length - at;
            if (length == 0 || literally && !RequestPath.SegmentEquals(path.Slice(at, length), RequestPath.Literal(wanted)))
                return null;
            at += length;
        }
        return at;
    }
}
