using Mainstay.Manifest.Drafting;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest;

/// <summary>Looks at a folder and writes a first manifest for what it finds.</summary>
public static class ManifestDraft
{
    private static readonly Func<ProjectFolder, DraftedApp?>[] Recognisers =
        [Procfile.Recognise, DotNetProjects.Recognise, NodePackage.Recognise, PythonProject.Recognise, GoModule.Recognise, Dockerfile.Recognise];

    /// <param name="directory">The application's folder.</param>
    /// <returns>A text that <see cref="ManifestReader.Read"/> accepts without a finding, or why there is none.</returns>
    public static DraftedManifest For(string directory)
    {
        var folder = new ProjectFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        if (!Directory.Exists(folder.Path))
            return new(null, $"there is no folder {Shown.Text(folder.Path, 200)}");
        var reasons = new List<string>();
        foreach (var recognise in Recognisers)
        {
            var app = recognise(folder);
            if (app?.Services.IsEmpty == false)
                return Write(app, folder);
            if (app is not null)
                reasons.Add(app.Source);
        }
        return new(null, reasons.Count > 0
            ? string.Join("; ", reasons)
            : "nothing known was found (looked for a Procfile, *.csproj, package.json, Python files, go.mod and a Dockerfile); write services: { web: COMMAND }");
    }

    private static DraftedManifest Write(DraftedApp app, ProjectFolder folder)
    {
        var text = DraftWriter.Write(app);
        var result = ManifestReader.ReadText(text, Path.Combine(folder.Path, "mainstay.yaml"), _ => null);
        return result.Findings.IsEmpty
            ? new(text, $"made from {app.Source}")
            : new(null, $"{app.Source} was found, but no manifest could be made from it: {result.Findings[0].Message}");
    }
}

/// <param name="Text">The manifest, with comments; null if nothing was recognised.</param>
/// <param name="Reason">What it was made from, or why there is none: part of a sentence.</param>
public sealed record DraftedManifest(string? Text, string Reason);
