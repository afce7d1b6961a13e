using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Shapes;

/// <summary>One key: what the reader accepts and the schema lists. Made once, in a table of keys.</summary>
internal abstract class Field(string name, string description)
{
    public string Name { get; } = name;

    /// <summary>For the schema: what it means, in one sentence.</summary>
    public string Description { get; } = description;

    /// <summary>The value or null after a finding.</summary>
    public abstract object? Read(Node node, FindingList findings);

    /// <summary>Shape, description and default.</summary>
    public abstract JsonObject ToSchema();
}

/// <param name="name">As written.</param>
/// <param name="shape">What it takes.</param>
/// <param name="description">For the schema.</param>
/// <param name="fallback">The value without it.</param>
/// <param name="written">The fallback as JSON, for the schema; null: there is none.</param>
internal sealed class Field<T>(string name, Shape<T> shape, string description, T fallback = default!, string? written = null)
    : Field(name, description)
{
    public T Fallback { get; } = fallback;

    public override object? Read(Node node, FindingList findings) => shape.TryRead(node, findings, out var value) ? value : null;

    public override JsonObject ToSchema()
    {
        var schema = shape.ToSchema();
        schema["description"] = Description;
        if (written is not null)
            schema["default"] = JsonNode.Parse(written);
        return schema;
    }
}
