using Mainstay.Manifest;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Tests.Experiments;

/// <summary>Manifests for the tests, read as a user's would be.</summary>
internal static class Specs
{
    public static ManifestSpec Read(string text)
    {
        var folder = Directory.CreateTempSubdirectory("ms-prove-").FullName;
        try
        {
            var file = Path.Combine(folder, "mainstay.yaml");
            File.WriteAllText(file, text);
            var result = ManifestReader.Read(file, _ => null);
            return result.Manifest ?? throw new ArgumentException(string.Join('\n', result.Findings));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static Scope Scope(string text, params string[] allowed)
    {
        var manifest = Read(text);
        var reach = new Reach(manifest, [.. allowed]);
        return new(manifest, reach, Exercises.Of(manifest, reach).Sent);
    }
}
