using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>The JSON schema of <c>experiments/*.yaml</c>, made from the tables that the reader uses; with the names that one application has.</summary>
internal static class ExperimentSchema
{
    /// <summary>JSON Schema, draft 2020-12.</summary>
    public static string Generate(ManifestSpec manifest)
    {
        var reader = new ExperimentReader(manifest, new FindingList(ExperimentFolder.Name));
        return SchemaDocument.Format($"Mainstay experiment of {manifest.Name} ({ExperimentFolder.Name}/*.yaml)", reader.Table.ToSchema(), reader.Required);
    }
}
