using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Keys;

namespace Mainstay.Manifest;

/// <summary>The JSON schema of <c>mainstay.yaml</c>, made from the same tables that the reader uses; keys that do not work yet are not in it.</summary>
public static class ManifestSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON Schema, draft 2020-12.</summary>
    public static string Generate()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Mainstay manifest (mainstay.yaml)",
        };
        foreach (var (name, part) in ManifestKeys.Shape.ToSchema().ToArray())
            schema[name] = part?.DeepClone();
        schema["required"] = new JsonArray("services");
        return schema.ToJsonString(Indented);
    }
}
