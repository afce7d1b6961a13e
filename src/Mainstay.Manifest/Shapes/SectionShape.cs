using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Shapes;

/// <param name="table">Its keys.</param>
/// <param name="example">How one would write it.</param>
/// <param name="shortFor">Keys that a single value stands for (the short form); none: a mapping is needed.</param>
internal sealed class SectionShape(FieldTable table, string example, params string[] shortFor) : Shape<Section>
{
    public FieldTable Table { get; } = table;

    public override JsonObject ToSchema()
    {
        var mapping = Table.ToSchema();
        return shortFor is [var key, ..] ? new JsonObject { ["anyOf"] = new JsonArray(Table.Find(key)!.ToSchema(), mapping) } : mapping;
    }

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out Section value)
    {
        var mapping = Expand(node);
        value = mapping is null ? null : new Section(mapping, Table, findings);
        if (mapping is null)
            findings.Error(node, node is SequenceNode && shortFor is ["command"]
                ? "is a list; a list goes under its key: command: [node, server.js]"
                : $"is {node.Kind}; write {example}");
        return value is not null;
    }

    /// <summary>The mapping that a value stands for, or null.</summary>
    public MappingNode? Expand(Node node) => node switch
    {
        MappingNode mapping => mapping,
        ScalarNode scalar when shortFor.Length > 0 => MappingNode.LongForm(scalar, shortFor),
        _ => null,
    };
}
