using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.Manifest.Shapes;

/// <summary>A JSON schema as a document of its own.</summary>
internal static class SchemaDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON Schema, draft 2020-12.</summary>
    /// <param name="title">What it describes.</param>
    /// <param name="schema">Becomes the document.</param>
    /// <param name="required">Keys that must be there.</param>
    public static string Format(string title, JsonObject schema, params string[] required)
    {
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        return schema.ToJsonString(Indented);
    }
}
