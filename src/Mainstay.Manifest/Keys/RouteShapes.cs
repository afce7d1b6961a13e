using System.Collections.Immutable;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Keys;

/// <summary>Values that only a route's keys take.</summary>
internal static class RouteShapes
{
    /// <summary>These say where a message ends and who hears it: the edge writes them itself.</summary>
    private static readonly string[] Framing =
        ["Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    public static ScalarShape<string> Method { get; } = Scalars.Text("a method such as GET", text =>
        !Names.IsToken(text) ? "is not a method; write one such as GET"
        : text.Any(char.IsAsciiLetterLower) ? $"is not a method; write {text.ToUpperInvariant()}"
        : null);

    public static Shape<ImmutableArray<Named<string?>>> Headers { get; } = new MapShape<string?>(
        new ScalarShape<string?>("a text", ParseHeader, Scalars.AnyText.ToSchema),
        "{ Cache-Control: no-store }", CheckHeader, () => "\0");

    /// <summary>Null removes a header.</summary>
    public static ImmutableSortedDictionary<string, string?> ToRules(ImmutableArray<Named<string?>> headers)
    {
        var rules = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers)
            rules[header.Name] = header.Value == "\0" ? null : header.Value;
        return rules.ToImmutable();
    }

    public static string? CheckHost(string host)
    {
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        if (host.Contains("://", StringComparison.Ordinal))
            return $"is an address; write the host alone, such as {Shown.Text(host.Split("://")[1].Split('/', ':')[0])}";
        if (name.Contains('*'))
            return "has a `*` in the wrong place; write *.name for every host below name, or leave `host` out for any";
        if (name.Contains(':') && !name.StartsWith('['))
            return $"has a port; write the host alone: {Shown.Text(host.Split(':')[0])}";
        return name.Length is > 0 and <= 253 && name.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            ? null
            : "is not the name of a host; write one such as shop.example";
    }

    public static string? CheckRedirect(string location)
    {
        var withoutRest = location.Replace("{rest}", "", StringComparison.Ordinal);
        if (withoutRest.Contains('{') || withoutRest.Contains('}'))
            return "holds a placeholder that is not known; only {rest} is";
        if (location.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c > 126))
            return "holds a character that a location cannot have; percent-encode it";
        return location.StartsWith('/') || location.StartsWith("http://", StringComparison.Ordinal) || location.StartsWith("https://", StringComparison.Ordinal)
            ? null
            : "is not a location; write a path that begins with a slash, or a whole http(s) address";
    }

    public static string? CheckPrefix(string prefix) =>
        PathPattern.Check(prefix) is { } problem ? problem
        : prefix.Contains('*') ? "has a `*`; a prefix is written out"
        : prefix == "/" ? "removes nothing; write a prefix such as /api, or remove the key"
        : prefix.EndsWith('/') ? $"ends with a slash; write {Shown.Text(prefix.TrimEnd('/'))}"
        : null;

    private static string? ParseHeader(string text, out string? value)
    {
        value = text;
        return text.Any(c => char.IsControl(c) && c != '\t') ? "holds a line break or control character, which a header cannot have" : null;
    }

    private static string? CheckHeader(string name) =>
        !Names.IsToken(name) ? "is not the name of a header; use letters, digits and hyphens"
        : Framing.Contains(name, StringComparer.OrdinalIgnoreCase) ? "is written by the edge itself and cannot be set; remove it"
        : null;
}
