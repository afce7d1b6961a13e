namespace Mainstay.Manifest.Reading;

/// <summary>What a file is meant to be, for messages about files that are not.</summary>
/// <param name="Noun">With its article: "a manifest".</param>
/// <param name="Example">The least that one holds.</param>
/// <param name="Missing">What to do if there is none.</param>
/// <param name="Folder">What to do if it is a folder.</param>
internal sealed record DocumentKind(string Noun, string Example, string Missing, string Folder)
{
    public static DocumentKind Manifest { get; } = new(
        "a manifest",
        "services: { web: node server.js }",
        "there is no such file; `mainstay init` writes a first manifest",
        "is a folder; name a manifest or the folder that holds mainstay.yaml");

    public string Empty => $"is empty; {Noun} needs at least `{Example}`";
}
