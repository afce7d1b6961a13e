using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Shapes;

/// <summary>What a key's value may look like: how it is read, and how the JSON schema says it. Stateless.</summary>
internal abstract class Shape<T>
{
    public bool TryRead(Node node, FindingList findings, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is ScalarNode { IsBroken: true })
            return false;
        if (node is ScalarNode { IsNull: true })
        {
            findings.Error(node, "has no value; give it one or remove the key");
            return false;
        }
        return TryReadValue(node, findings, out value);
    }

    public abstract JsonObject ToSchema();

    protected abstract bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out T value);
}
