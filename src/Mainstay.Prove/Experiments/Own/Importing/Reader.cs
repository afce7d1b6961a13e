using System.Globalization;
using System.Text.RegularExpressions;
using Mainstay.Manifest.Reading;

namespace Mainstay.Prove.Experiments.Own.Importing;

/// <summary>Reads values of a foreign experiment, with what its <c>configuration</c> says put into them.</summary>
internal sealed partial class Reader(MappingNode root, FindingList findings, Func<string, string?> variables)
{
    public FindingList Findings => findings;

    /// <summary>Null: it is not there, or no single value.</summary>
    public string? Text(Node? node, string key) => Scalar((node as MappingNode)?.Find(key)?.Value);

    public string? Scalar(Node? node) => node is ScalarNode { IsNull: false } scalar ? Replace(scalar) : null;

    public static IEnumerable<Node> List(Node? node, string key) => (node as MappingNode)?.Find(key)?.Value is SequenceNode list ? list.Items : [];

    /// <summary>Seconds; zero if it is not there.</summary>
    public TimeSpan Pause(Node activity, string when)
    {
        if ((activity as MappingNode)?.Find("pauses")?.Value is not MappingNode pauses || pauses.Find(when)?.Value is not { } node || Scalar(node) is not { } text)
            return TimeSpan.Zero;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 1800)
            return TimeSpan.FromSeconds(seconds);
        findings.Error(node, $"`{Shown.Text(text)}` is no pause; a number of seconds up to 1800 can be imported");
        return TimeSpan.Zero;
    }

    private string Replace(ScalarNode node) => Placeholder().Replace(node.Text, match =>
    {
        if (Configured(match.Groups[1].Value) is { } value)
            return value;
        findings.Error(node, $"`{match.Value}` is not known from here; give `configuration` a plain value for it, or write the value itself");
        return "";
    });

    /// <summary>A plain value, or one of a variable of the environment.</summary>
    private string? Configured(string name) => (root.Find("configuration")?.Value as MappingNode)?.Find(name)?.Value switch
    {
        ScalarNode { IsNull: false } scalar => scalar.Text,
        MappingNode from when from.Find("type")?.Value is ScalarNode { Text: "env" } =>
            (from.Find("key")?.Value is ScalarNode key ? variables(key.Text) : null) ?? (from.Find("default")?.Value as ScalarNode)?.Text,
        _ => null,
    };

    [GeneratedRegex(@"\$\{([A-Za-z0-9_.-]+)\}")]
    private static partial Regex Placeholder();
}
