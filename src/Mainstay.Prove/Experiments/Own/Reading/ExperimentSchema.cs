using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>The JSON schema of <c>experiments/*.yaml</c>, made from the tables that the reader uses; with the names that one application has.</summary>
internal static class ExperimentSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON Schema, draft 2020-12.</summary>
    public static string Generate(ManifestSpec manifest)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"Mainstay experiment of {manifest.Name} ({ExperimentFolder.Name}/*.yaml)",
        };
        foreach (var (name, part) in new ExperimentReader(manifest, new FindingList(ExperimentFolder.Name)).ToSchema().ToArray())
            schema[name] = part?.DeepClone();
        return schema.ToJsonString(Indented);
    }
}
