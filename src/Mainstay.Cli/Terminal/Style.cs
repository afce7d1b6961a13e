namespace Mainstay.Cli.Terminal;

/// <summary>Dresses text in colours, or leaves it alone.</summary>
internal sealed class Style(bool colour)
{
    /// <summary>Six colours that are readable on dark and on light grounds.</summary>
    private static readonly string[] ReplicaColours = ["36", "33", "35", "32", "34", "31"];

    public bool Colour => colour;

    public string Bold(string text) => Dress("1", text);

    public string Dim(string text) => Dress("2", text);

    public string Good(string text) => Dress("32", text);

    public string Bad(string text) => Dress("31", text);

    public string Warn(string text) => Dress("33", text);

    /// <summary>The same source always gets the same colour; replicas of one service get neighbouring ones.</summary>
    public string Source(string source, string text)
    {
        if (!colour)
            return text;
        var hash = 0;
        foreach (var letter in source)
            hash = char.IsAsciiDigit(letter) ? hash + letter - '0' : ((hash * 31) + letter) & 0xffff;
        return Dress(ReplicaColours[hash % ReplicaColours.Length], text);
    }

    /// <summary>A line of an application's own output: as it is, but its colours do not run into the next line.</summary>
    public string Foreign(string text) => colour && text.Contains('\e') ? text + "\e[0m" : text;

    /// <summary>Colours on a terminal, unless NO_COLOR is set or the terminal knows none.</summary>
    public static Style For(bool redirected, Func<string, string?> variables) =>
        new(!redirected && string.IsNullOrEmpty(variables("NO_COLOR")) && variables("TERM") is { Length: > 0 } term && term != "dumb");

    private string Dress(string code, string text) => colour && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
