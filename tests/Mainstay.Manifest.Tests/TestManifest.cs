using Mainstay.Manifest.Tests.Keeping;

namespace Mainstay.Manifest.Tests;

/// <summary>A manifest in a folder of its own.</summary>
internal sealed class TestManifest : IDisposable
{
    public TestManifest(string text = "")
    {
        Folder = Directory.CreateTempSubdirectory("mainstay-manifest-").FullName;
        File = Path.Combine(Folder, "mainstay.yaml");
        System.IO.File.WriteAllText(File, text);
    }

    public string Folder { get; }

    public string File { get; }

    public static ManifestResult Read(string text, params (string Name, string Value)[] variables)
    {
        using var manifest = new TestManifest(text);
        return manifest.Read(variables);
    }

    /// <summary>Every manifest that any test reads is also written and read back as JSON: their texts are the largest collection there is.</summary>
    public ManifestResult Read(params (string Name, string Value)[] variables)
    {
        var result = ManifestReader.Read(File, name => variables.FirstOrDefault(variable => variable.Name == name).Value);
        if (result.Manifest is { } manifest)
            ManifestJsonTests.ComesBack(manifest);
        return result;
    }

    /// <summary>Each finding in one line, without the file's folder.</summary>
    public static string Lines(ManifestResult result) =>
        string.Join('\n', result.Findings.Select(finding => (finding with { File = Path.GetFileName(finding.File) }).ToString()));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
