using System.Text;
using Mainstay.Contracts.Launching;

namespace Mainstay.Supervisor.Launching;

/// <summary>
/// An <c>env_file</c>: <c>KEY=VALUE</c> lines, comments, an optional <c>export</c>; single quotes take everything literally, double quotes know
/// <c>\n \t \r \" \\ \$</c>; both may span lines. Nothing is expanded.
/// </summary>
/// <param name="Variables">The last one of a name wins.</param>
/// <param name="Errors">Each <c>file:line: what and what to do</c>.</param>
internal sealed record EnvironmentFile(IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Errors)
{
    /// <summary>Reads a file; every problem becomes one <see cref="LaunchException"/>.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException($"cannot read env_file {path}: {problem.Message}");
        }

        var file = Parse(text, path);
        if (file.Errors.Count == 0)
            return file.Variables;
        var more = file.Errors.Count > 1 ? $" (and {file.Errors.Count - 1} more)" : "";
        throw new LaunchException(file.Errors[0] + more);
    }

    public static EnvironmentFile Parse(string text, string path)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var errors = new List<string>();
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var number = index + 1;
            var line = lines[index].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line[7..].TrimStart();
            var equals = line.IndexOf('=');
            var name = (equals < 0 ? line : line[..equals]).TrimEnd();
            var problem = equals < 0 ? $"'{Shorten(name)}' has no value: write KEY=VALUE"
                : !IsName(name) ? $"'{Shorten(name)}' is no variable's name: use letters, digits and _, not beginning with a digit"
                : null;
            string value = "";
            if (problem is null)
            {
                var rest = line[(equals + 1)..].TrimStart();
                problem = rest is ['"' or '\'', ..] ? TryQuoted(lines, ref index, rest, out value) : null;
                if (problem is null && rest is not ['"' or '\'', ..])
                    value = Unquoted(rest);
            }

            if (problem is null && value.Contains('\0'))
                problem = $"the value of '{name}' contains a NUL character: remove it";
            if (problem is null)
                variables[name] = value;
            else
                errors.Add($"{path}:{number}: {problem}");
        }

        return new EnvironmentFile(variables, errors);
    }

    /// <summary>A comment begins at a # after white space.</summary>
    private static string Unquoted(string rest)
    {
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '#' && (i == 0 || char.IsWhiteSpace(rest[i - 1])))
                return rest[..i].TrimEnd();
        }

        return rest;
    }

    private static string? TryQuoted(string[] lines, ref int index, string rest, out string value)
    {
        var quote = rest[0];
        var text = new StringBuilder();
        var start = index;
        var line = rest;
        var at = 1;
        while (true)
        {
            for (; at < line.Length; at++)
            {
                if (line[at] == quote)
                {
                    value = text.ToString();
                    var after = line[(at + 1)..].Trim();
                    return after.Length == 0 || after[0] == '#' ? null : $"'{Shorten(after)}' follows the closing quote: put it inside, or remove it";
                }

                if (quote == '"' && line[at] == '\\' && at + 1 < line.Length)
                    AppendEscaped(text, line[++at]);
                else
                    text.Append(line[at]);
            }

            if (index + 1 >= lines.Length)
            {
                // Only the line with the quote is wrong; the following ones are read by themselves.
                index = start;
                value = "";
                return $"the quote {quote} is never closed: close it";
            }

            text.Append('\n');
            line = lines[++index];
            at = 0;
        }
    }

    private static void AppendEscaped(StringBuilder text, char letter)
    {
        var meaning = letter switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '"' or '\\' or '$' => letter, _ => '\0' };
        if (meaning == '\0')
            text.Append('\\').Append(letter);
        else
            text.Append(meaning);
    }

    // What stands in such a file may be secret: no more of it than needed to find the place.
    private static string Shorten(string text) => text.Length <= 12 ? text : text[..12] + "…";

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-' or ':');
}
