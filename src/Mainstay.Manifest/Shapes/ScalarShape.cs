using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Shapes;

/// <summary>Null, or what is wrong with the text and the remedy, to be put behind the text itself.</summary>
internal delegate string? TextParser<T>(string text, out T value);

/// <param name="expected">Such as "a duration such as 30s".</param>
/// <param name="parse">From text to value.</param>
/// <param name="schema">A fresh schema each time.</param>
internal sealed class ScalarShape<T>(string expected, TextParser<T> parse, Func<JsonObject> schema) : Shape<T>
{
    public override JsonObject ToSchema() => schema();

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode scalar)
        {
            findings.Error(node, node is MappingNode { Entries: [{ Key: "port" or "rest", Value: ScalarNode { IsNull: true } } template] }
                ? $"`{{{template.Key}}}` is a mapping in YAML; put the whole value in quotes, as in \"{{{template.Key}}}\""
                : $"is {node.Kind}; write {expected}");
            return false;
        }
        var problem = parse(scalar.Text, out value);
        if (problem is not null)
            findings.Error(node, $"{scalar.Quoted} {problem}");
        return problem is null;
    }
}
