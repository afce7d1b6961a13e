namespace Mainstay.Edge.Listening;

/// <summary>The four forms of a request target (RFC 9112, section 3.2).</summary>
internal static class RequestTarget
{
    /// <summary>
    /// Path and query of an absolute form (its authority is in Host already); the others as they are: a path, <c>*</c>, or
    /// CONNECT's authority, which routing refuses.
    /// </summary>
    public static string OriginForm(string raw)
    {
        if (raw.Length == 0 || raw[0] is '/' or '*')
            return raw;
        var authority = raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : raw.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : -1;
        if (authority < 0)
            return raw;
        var end = raw.AsSpan(authority).IndexOfAny('/', '?', '#');
        if (end < 0)
            return "/";
        var rest = raw[(authority + end)..];
        return rest[0] == '/' ? rest : "/" + rest;
    }
}
