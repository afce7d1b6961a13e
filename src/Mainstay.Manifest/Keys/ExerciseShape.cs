using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Keys;

/// <summary>One request for experiments: <c>GET /api/orders/1 -> 200</c>, or a mapping.</summary>
internal sealed class ExerciseShape : Shape<ExerciseSpec>
{
    private static readonly Field<string> Method = new("method", RouteShapes.Method, "Default GET.", "GET", "\"GET\"");

    private static readonly Field<string> Path = new("path", Scalars.Text("a path such as /api/orders/1", CheckPath), "Path and query, without wildcards.", null!);

    private static readonly Field<ImmutableArray<Named<string?>>> Headers = new("headers", RouteShapes.Headers, "Header fields.", []);

    private static readonly Field<string> Body = new("body", Scalars.AnyText, "Text of the body.", null!);

    private static readonly Field<int> Expect = new("expect", Scalars.Integer(100, 599), "Expected status; default any success.");

    private static readonly SectionShape Long = new(new([Method, Path, Headers, Body, Expect]), "GET /path -> 200, or a mapping");

    private static readonly ImmutableSortedDictionary<string, string> NoHeaders = ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    public override JsonObject ToSchema() => new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["minLength"] = 1 }, Long.ToSchema()) };

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out ExerciseSpec value)
    {
        value = null;
        if (node is ScalarNode scalar)
        {
            if (Parse(scalar.Text, out value) is { } problem)
                findings.Error(node, $"{scalar.Quoted} {problem}");
        }
        else if (Long.TryRead(node, findings, out var section))
        {
            if (section.TryGet(Path, out var path))
                value = FromSection(section, path);
            else if (!section.IsBroken(Path))
                findings.Error(node, "has no path; write one such as path: /api/orders/1");
        }
        return value is not null;
    }

    private static ExerciseSpec FromSection(Section section, string path) => new(
        section.Get(Method),
        path,
        RouteShapes.ToRules(section.Get(Headers)).ToImmutableSortedDictionary(header => header.Key, header => header.Value ?? "", StringComparer.OrdinalIgnoreCase),
        section.Get(Body),
        section.GetOrNull(Expect));

    private static string? Parse(string text, out ExerciseSpec? value)
    {
        value = null;
        var parts = text.Split("->", 2, StringSplitOptions.TrimEntries);
        var words = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var status = 0;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out status) || status is < 100 or > 599))
            return "expects no valid status; write 100 to 599 behind `->`";
        if (words is not [var method, var path] || !Values.Names.IsToken(method) || method.Any(char.IsAsciiLetterLower))
            return "is not a request; write METHOD PATH -> STATUS, such as GET /api/orders/1 -> 200";
        if (CheckPath(path) is { } problem)
            return problem;
        value = new(method, path, NoHeaders, null, parts.Length == 2 ? status : null);
        return null;
    }

    private static string? CheckPath(string path) =>
        path.Length == 0 || path[0] != '/' ? "has a path without a leading slash; write one such as /api/orders/1"
        : path.Split('?')[0].Split('/').Any(segment => segment is "*" or "**") ? "has a wildcard; write a path that exists"
        : path.Any(c => c is ' ' or '#' || char.IsControl(c) || c > 126) ? "has a path with a character that it cannot have; percent-encode it"
        : null;
}
