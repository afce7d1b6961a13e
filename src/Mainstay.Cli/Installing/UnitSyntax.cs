namespace Mainstay.Cli.Installing;

/// <summary>How a text must be written in a unit file so that systemd reads back just that text. Each setting has rules of its own.</summary>
internal static class UnitSyntax
{
    /// <summary>
    /// A command line. With a <c>$</c> in it, the prefix <c>:</c> turns the replacing of variables off: doubling the sign, as other units do, would reach
    /// arguments only, not the program's path.
    /// </summary>
    public static string CommandLine(IReadOnlyList<string> words)
    {
        var prefix = words.Any(word => word.Contains('$')) ? ":" : "";
        return string.Join(' ', words.Select((word, place) => Word(place == 0 ? prefix + word : word)));
    }

    /// <summary><c>Environment=</c>: C escapes within quotes, specifiers, no variables.</summary>
    public static string Assignment(string name, string value) => $"\"{name}={Escaped(value)}\"";

    /// <summary>A word of <c>ReadWritePaths=</c> and the like.</summary>
    public static string Word(string text) => text.Length > 0 && text.All(IsPlain) ? text : $"\"{Escaped(text)}\"";

    /// <summary><c>WorkingDirectory=</c>, <c>EnvironmentFile=</c>, <c>Description=</c>: the whole line, with specifiers only.</summary>
    public static string Line(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    /// <summary>
    /// Whether a path can stand in every setting. A line knows no escapes: control characters and a backslash at its end cannot be written there,
    /// and blanks at its end are lost.
    /// </summary>
    public static bool CanBeWritten(string path) => !path.Any(char.IsControl) && path[^1] is not ('\\' or ' ');

    /// <summary>systemd refuses to start a program with quotes or backslashes in its path, however they are written.</summary>
    public static bool CanBeStarted(string program) => CanBeWritten(program) && program.IndexOfAny(['"', '\'', '\\']) < 0;

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or ':' or '=' or '@' or '+' or ',';

    private static string Escaped(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);
}
