using System.Text.Json.Nodes;

namespace Mainstay.Manifest.Shapes;

/// <summary>The keys of one mapping: the one source for the reader and the schema.</summary>
/// <param name="fields">Keys that work.</param>
/// <param name="later">Keys that are known, and refused until they work.</param>
internal sealed class FieldTable(Field[] fields, params string[] later)
{
    private readonly Dictionary<string, Field> _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    public IReadOnlyList<Field> Fields { get; } = fields;

    public IReadOnlyList<string> Later { get; } = later;

    public IEnumerable<string> Names => Fields.Select(known => known.Name).Concat(Later);

    /// <summary>Of a mapping with these keys alone.</summary>
    public JsonObject ToSchema()
    {
        var properties = new JsonObject();
        foreach (var field in Fields)
            properties[field.Name] = field.ToSchema();
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    public Field? Find(string name) => _byName.GetValueOrDefault(name);
}
