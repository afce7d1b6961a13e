using System.Globalization;

namespace Mainstay.Prove.Recording;

/// <summary>Names a part of the streams in an expectation's words; several, separated by spaces, must all apply.</summary>
internal static class StreamFilter
{
    /// <summary>The word that holds it in <see cref="Expectation.Words"/>.</summary>
    public const string Word = "streams";

    /// <summary>
    /// <c>all</c> · <c>load</c>, <c>greedy</c>, <c>flood</c> (role) · <c>idempotent</c> · <c>unsafe</c> (not idempotent) · <c>critical</c> ·
    /// <c>uses:NAME</c> · <c>not-uses:NAME</c> · <c>requires:NAME</c> · <c>not-requires:NAME</c> · <c>service:NAME</c> · <c>not-service:NAME</c> ·
    /// <c>#N</c>, <c>#N,M</c> (indices).
    /// </summary>
    /// <exception cref="FormatException">It names nothing known: the history is damaged or of another version.</exception>
    public static bool Applies(string filter, LoadStream stream, int index) =>
        filter.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => AppliesOne(word, stream, index));

    private static bool AppliesOne(string word, LoadStream stream, int index)
    {
        var colon = word.IndexOf(':');
        var name = colon < 0 ? "" : word[(colon + 1)..];
        return (colon < 0 ? word : word[..colon]) switch
        {
            "all" => true,
            LoadStream.Roles.Load or LoadStream.Roles.Greedy or LoadStream.Roles.Flood => stream.Role == word,
            "idempotent" => stream.Idempotent,
            "unsafe" => !stream.Idempotent,
            "critical" => stream.Priority == "critical",
            "uses" => stream.Uses.Contains(name),
            "not-uses" => !stream.Uses.Contains(name),
            "requires" => stream.Requires.Contains(name),
            "not-requires" => !stream.Requires.Contains(name),
            "service" => stream.Service == name,
            "not-service" => stream.Service != name,
            _ when word.StartsWith('#') => word[1..].Split(',').Any(wanted => int.Parse(wanted, NumberStyles.None, CultureInfo.InvariantCulture) == index),
            _ => throw new FormatException($"'{word}' is no known kind of stream"),
        };
    }
}
