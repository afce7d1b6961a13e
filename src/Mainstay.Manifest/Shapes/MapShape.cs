using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Shapes;

/// <summary>A name that the user chose, and what stands under it.</summary>
internal readonly record struct Named<T>(Entry Entry, T Value)
{
    public string Name => Entry.Key;
}

/// <summary>A mapping with names of the user's choice. Those that can be read are worth further checks even if others cannot.</summary>
/// <param name="value">Under each name.</param>
/// <param name="example">How one would write the mapping.</param>
/// <param name="checkName">Null, or what is wrong with a name and the remedy.</param>
/// <param name="nullValue">What nothing (<c>null</c>) stands for; by default it is an error.</param>
internal sealed class MapShape<T>(Shape<T> value, string example, Func<string, string?> checkName, Func<T>? nullValue = null)
    : Shape<ImmutableArray<Named<T>>>
{
    public override JsonObject ToSchema()
    {
        var schema = value.ToSchema();
        if (nullValue is not null)
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        return new JsonObject { ["type"] = "object", ["additionalProperties"] = schema };
    }

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out ImmutableArray<Named<T>> read)
    {
        read = [];
        if (node is not MappingNode mapping)
        {
            findings.Error(node, $"is {node.Kind}; write a mapping such as {example}");
            return false;
        }
        var values = ImmutableArray.CreateBuilder<Named<T>>();
        foreach (var entry in mapping.Entries)
        {
            if (checkName(entry.Key) is { } problem)
                findings.Error(entry, problem);
            if (nullValue is not null && entry.Value is ScalarNode { IsNull: true })
                values.Add(new(entry, nullValue()));
            else if (value.TryRead(entry.Value, findings, out var item))
                values.Add(new(entry, item));
        }
        read = values.ToImmutable();
        return true;
    }
}
