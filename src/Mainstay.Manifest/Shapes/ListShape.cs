using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Shapes;

/// <param name="item">Each of them.</param>
/// <param name="example">How one would write it.</param>
/// <param name="keepReadable">Those that can be read are worth further checks even if others cannot.</param>
/// <param name="orOne">A single value stands for a list of one.</param>
/// <param name="orNone">An empty list says something: none.</param>
internal sealed class ListShape<T>(Shape<T> item, string example, bool orOne = false, bool keepReadable = false, bool orNone = false) : Shape<ImmutableArray<T>>
{
    public override JsonObject ToSchema()
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item.ToSchema() };
        if (!orNone)
            list["minItems"] = 1;
        return orOne ? new JsonObject { ["anyOf"] = new JsonArray(item.ToSchema(), list) } : list;
    }

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out ImmutableArray<T> value)
    {
        value = [];
        List<Node> nodes = node is SequenceNode sequence ? sequence.Items : [node];
        if (nodes.Count == 0 && !orNone)
            findings.Error(node, $"is an empty list; write {example}, or remove the key");
        else if (node is not SequenceNode && !orOne)
            findings.Error(node, $"is {node.Kind}; write a list such as {example}");
        else
            return TryReadAll(nodes, findings, out value);
        return false;
    }

    private bool TryReadAll(List<Node> nodes, FindingList findings, out ImmutableArray<T> value)
    {
        var items = ImmutableArray.CreateBuilder<T>(nodes.Count);
        var firstLines = new Dictionary<string, int>(StringComparer.Ordinal);
        var isWhole = true;
        foreach (var node in nodes)
        {
            var isRead = item.TryRead(node, findings, out var read);
            if (isRead)
                items.Add(read!);
            isWhole &= isRead;
            if (node is ScalarNode { IsBroken: false } scalar && !firstLines.TryAdd(scalar.Text, node.Position.Line))
                isWhole = Duplicate(scalar, findings);
        }
        value = items.ToImmutable();
        return isWhole || keepReadable;
    }

    private static bool Duplicate(ScalarNode scalar, FindingList findings)
    {
        findings.Error(scalar, $"{scalar.Quoted} is listed twice; keep one");
        return false;
    }
}
