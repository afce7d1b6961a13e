using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Shapes;

/// <summary>A program and its arguments: one text split as a shell would, or a list taken as it is.</summary>
internal sealed class CommandShape : Shape<ImmutableArray<string>>
{
    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["minLength"] = 1 },
            new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") } }),
    };

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out ImmutableArray<string> value)
    {
        value = [];
        switch (node)
        {
            case ScalarNode scalar:
                value = CommandWords.Split(scalar, out var problems);
                foreach (var problem in problems)
                    findings.Error(node, problem);
                return problems.Count == 0;
            case SequenceNode { Items.Count: 0 }:
                findings.Error(node, "is an empty list; write the program and its arguments, such as [node, server.js]");
                return false;
            case SequenceNode sequence:
                return TryReadList(sequence, findings, out value);
            default:
                findings.Error(node, Trap(node) ?? "is a mapping; write a command such as node server.js");
                return false;
        }
    }

    private static bool TryReadList(SequenceNode sequence, FindingList findings, out ImmutableArray<string> value)
    {
        var words = ImmutableArray.CreateBuilder<string>(sequence.Items.Count);
        foreach (var item in sequence.Items)
        {
            if (item is not ScalarNode scalar)
                findings.Error(item, Trap(item) ?? $"is {item.Kind}; each word of a command is a single value");
            else if (scalar.IsNull && scalar.Written.Length == 0)
                findings.Error(item, "is an empty word; write \"\" if that is meant");
            else if (words.Count == 0 && scalar.Text.Length == 0)
                findings.Error(item, "the program is empty: write the program's name");
            else if (!scalar.IsBroken)
                words.Add(scalar.Text);
        }
        value = words.ToImmutable();
        return words.Count == sequence.Items.Count;
    }

    private static string? Trap(Node node) => node is MappingNode { Entries: [{ Key: "port", Value: ScalarNode { IsNull: true } }] }
        ? "`{port}` is a mapping in YAML; put the whole word in quotes, as in \"{port}\""
        : null;
}
