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

    public ManifestResult Read(params (string Name, string Value)[] variables) =>
        ManifestReader.Read(File, name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    /// <summary>Each finding in one line, without the file's folder.</summary>
    public static string Lines(ManifestResult result) =>
        string.Join('\n', result.Findings.Select(finding => (finding with { File = Path.GetFileName(finding.File) }).ToString()));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
