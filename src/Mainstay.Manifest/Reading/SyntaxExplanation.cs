using YamlDotNet.Core;

namespace Mainstay.Manifest.Reading;

/// <summary>Says in a user's words what the YAML parser stumbled over: first the usual traps, then the parser's own words.</summary>
internal static class SyntaxExplanation
{
    private static readonly string[] Templates = ["{port}", "${", "{rest}"];

    public static void Report(YamlException failure, string text, FindingList findings)
    {
        var lines = text.Split('\n');
        var line = (int)Math.Clamp(failure.Start.Line, 1, lines.Length);
        if (FindTab(lines, line, (int)failure.End.Line + 1) is { } tab)
            findings.Error(tab, "", "a tab is used as indentation; YAML takes spaces only");
        else
            findings.Error(new(line, (int)Math.Max(failure.Start.Column, 1)), "", Explain(failure, lines, line));
    }

    private static Position? FindTab(string[] lines, int from, int to)
    {
        for (var number = from; number <= Math.Min(to, lines.Length); number++)
        {
            var line = lines[number - 1];
            var indentation = line.AsSpan(0, line.Length - line.AsSpan().TrimStart(" \t").Length);
            if (indentation.IndexOf('\t') is >= 0 and var tab && indentation.Length < line.TrimEnd().Length)
                return new(number, tab + 1);
        }
        return null;
    }

    private static string Explain(YamlException failure, string[] lines, int number)
    {
        var line = lines[number - 1];
        var column = (int)Math.Clamp(failure.Start.Column - 1, 0, line.Length);
        if (Array.Find(Templates, template => IsUnquoted(line, template)) is { } trap)
            return trap == "${"
                ? "`${…}` inside { } or [ ] must be quoted, as in `{ NAME: \"${VALUE}\" }`: YAML takes the brace for a mapping"
                : $"`{trap}` begins a mapping in YAML here; put the whole value in quotes, as in `command: \"node x {{port}}\"`";
        if (column < line.Length && line[column] is '@' or '`' or '%' && failure.Message.Contains("cannot start any token", StringComparison.Ordinal))
            return $"a value cannot begin with `{line[column]}`; put it in quotes";
        return failure.Message switch
        {
            var m when Has(m, "something is not closed") => "a `{`, `[` or quote that begins near here is not closed",
            var m when Has(m, "found invalid mapping") => "`: ` inside a value begins another mapping; put the value in quotes",
            var m when Has(m, "did not find expected ',' or '}'") => "a `{` before this is not closed, or a comma is missing",
            var m when Has(m, "did not find expected ',' or ']'") => "a `[` before this is not closed, or a comma is missing",
            var m when Has(m, "unexpected end of stream") => "the quote that begins here is not closed",
            var m when Has(m, "unknown escape character") => "an unknown `\\` escape in double quotes; write `\\\\` or use single quotes",
            var m when Has(m, "did not find expected key") => "a key such as `name: value` is expected here; check the indentation and the quotes",
            var m when Has(m, "could not find expected ':'") => "a `:` and a value are missing after a key; check the indentation",
            var m when Has(m, "expected '-' indicator") => "a list item (`- …`) is expected here; check the indentation",
            var m when Has(m, "sequence entries are not allowed") => "a list cannot begin here; put `- …` on a line of its own",
            var m when Has(m, "Mapping values are not allowed") => "`:` cannot stand here; check the indentation, or put the value in quotes",
            var m => $"is not valid YAML: {Shown.Text(m, 200)}",
        };
    }

    private static bool Has(string message, string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the template stands outside of quotes.</summary>
    private static bool IsUnquoted(string line, string template)
    {
        var at = line.IndexOf(template, StringComparison.Ordinal);
        if (at < 0)
            return false;
        char quote = default;
        foreach (var c in line.AsSpan(0, at))
        {
            if (quote == default && c is '"' or '\'')
                quote = c;
            else if (c == quote)
                quote = default;
        }
        return quote == default;
    }
}
