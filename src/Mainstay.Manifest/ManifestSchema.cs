using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest;

/// <summary>The JSON schema of <c>mainstay.yaml</c>, made from the same tables that the reader uses; keys that do not work yet are not in it.</summary>
public static class ManifestSchema
{
    /// <summary>JSON Schema, draft 2020-12.</summary>
    public static string Generate() => SchemaDocument.Format("Mainstay manifest (mainstay.yaml)", ManifestKeys.Shape.ToSchema(), "services");
}
