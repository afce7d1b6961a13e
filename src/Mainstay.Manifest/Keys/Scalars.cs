using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Keys;

/// <summary>Single values that many keys take. Wherever the schema asks for a form, a variable (<c>${NAME}</c>) is allowed too.</summary>
internal static class Scalars
{
    private const string Variable = @"\$\{";

    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static ScalarShape<bool> Boolean { get; } = new("true or false", ParseBoolean,
        () => new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "boolean" }, Pattern(Variable)) });

    public static ScalarShape<double> Ratio { get; } = new("a percentage such as 99.9%", Quantities.Ratio,
        () => Pattern($@"^[0-9]+(\.[0-9]+)?%$|{Variable}"));

    /// <summary>Any text, numbers and the like as written.</summary>
    public static ScalarShape<string> AnyText { get; } = new("a text", (string text, out string value) => (value = text).Contains('\0') ? "holds a NUL character" : null,
        () => new() { ["type"] = new JsonArray("string", "number", "boolean") });

    public static ScalarShape<TimeSpan> Duration(TimeSpan least, TimeSpan most) => new("a duration such as 30s",
        (string text, out TimeSpan value) => Quantities.Duration(text, least, most, out value),
        () => Pattern($@"^[0-9]+(\.[0-9]+)?\s*(ms|s|m|h|d)$|{Variable}"));

    public static ScalarShape<long> Size(long least, long most) => new("a size such as 512MiB",
        (string text, out long value) => Quantities.Size(text, least, most, out value),
        () => Pattern($@"^[0-9]+(\.[0-9]+)?\s*(B|KiB|MiB|GiB|TiB)$|{Variable}"));

    public static ScalarShape<int> Integer(int least, int most, TextParser<int>? parse = null) => new($"a whole number, {least} to {most}",
        parse ?? ((string text, out int value) => Quantities.Integer(text, least, most, out value)),
        () => new()
        {
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most }, Pattern($"^[0-9]+$|{Variable}")),
        });

    /// <param name="expected">Such as "a path such as /healthz".</param>
    /// <param name="check">Null, or what is wrong and the remedy.</param>
    public static ScalarShape<string> Text(string expected, Func<string, string?> check) =>
        new(expected, (string text, out string value) => check(value = text), () => new() { ["type"] = "string", ["minLength"] = 1 });

    /// <summary>The schema of some words, or of a variable that is one. <c>true</c> is no text in YAML.</summary>
    public static JsonObject OneOf(IEnumerable<string> words) => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)(word == "true" ? true : word))]) }, Pattern(Variable)),
    };

    /// <summary>One of a few words.</summary>
    public static ScalarShape<T> Choice<T>(params (string Word, T Value)[] choices)
    {
        var words = choices.Select(choice => choice.Word).ToArray();
        return new(Shown.OneOf(words), Parse, () => OneOf(words));

        string? Parse(string text, out T value)
        {
            var index = Array.IndexOf(words, text);
            value = index < 0 ? default! : choices[index].Value;
            return index >= 0 ? null
                : (NearestKey.Of(text, words) ?? Array.Find(words, word => text.Length > 2 && word.EndsWith(text, StringComparison.OrdinalIgnoreCase))) is { } nearest ? $"is not known; did you mean `{nearest}`?"
                : $"is not known; write {Shown.OneOf(words)}";
        }
    }

    public static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static string? ParseBoolean(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false" ? null
            : text.ToUpperInvariant() is "YES" or "ON" or "TRUE" or "1" ? "is not a truth value; write true"
            : text.ToUpperInvariant() is "NO" or "OFF" or "FALSE" or "0" ? "is not a truth value; write false"
            : "is not a truth value; write true or false";
    }
}
