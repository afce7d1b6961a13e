using Mainstay.Manifest.Checks;
using Mainstay.Manifest.Keeping;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest;

/// <summary>Reads a manifest: text → immutable records, or every error at once. Never throws for what a file may hold.</summary>
public static class ManifestReader
{
    private const string FileName = "mainstay.yaml";

    /// <param name="path">A file, or a folder that holds <c>mainstay.yaml</c>.</param>
    /// <param name="variables">Looks up <c>${NAME}</c>; null for a missing one.</param>
    public static ManifestResult Read(string path, Func<string, string?> variables)
    {
        var file = Find(path);
        var findings = new FindingList(Display(file));
        if (file.EndsWith(ManifestJson.Ending, StringComparison.Ordinal))
            return ReadKept(file, findings);
        var text = file.Length == 0 || file.Contains('\0') ? Refuse(findings, "is not a path; name a manifest or the folder that holds it")
            : FindMisnamed(file) is { } other ? Refuse(findings, $"there is no such file, but there is {other}; rename it to {FileName}")
            : SourceText.Load(file, findings);
        return Understand(text, file, variables, findings);
    }

    /// <summary>The same for a text that is not on the disk yet.</summary>
    internal static ManifestResult ReadText(string text, string file, Func<string, string?> variables) => Understand(text, file, variables, new(Display(file)));

    private static ManifestResult Understand(string? text, string file, Func<string, string?> variables, FindingList findings)
    {
        var interpolation = new Interpolation(variables);
        var root = text is null ? null : new TreeReader(text, interpolation, findings).Read();
        var draft = root is null ? null : Drafts.Read(Defaults.Apply(root), file, findings);
        if (draft is not null)
            CrossChecks.Run(draft, findings);
        return new(findings.HasErrors ? null : draft?.Spec, findings.ToSorted(), interpolation.Names);
    }

    /// <summary>The manifest of <c>up -- COMMAND</c>: one service, named after the folder, a default route, every default.</summary>
    public static ManifestResult ForCommand(string directory, IReadOnlyList<string> command, int replicas)
    {
        var findings = new FindingList("command line");
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (command.Count == 0 || command[0].Length == 0)
            findings.Error("there is no command; write it behind `--`, such as: mainstay up -- node server.js");
        if (replicas is < 1 or > Keys.ServiceKeys.MostReplicas)
            findings.Error($"{replicas} replicas are out of range; allowed are 1 to {Keys.ServiceKeys.MostReplicas}");
        if (!Directory.Exists(folder))
            findings.Error($"there is no folder {Shown.Text(folder, 200)}");
        return new(findings.HasErrors ? null : Drafts.ForCommand(folder, Names.ToService(Path.GetFileName(folder)), command, replicas), findings.ToSorted(), []);
    }

    /// <summary>One that has been read and checked before, and was then written by <see cref="ManifestJson"/>: a laboratory's.</summary>
    private static ManifestResult ReadKept(string file, FindingList findings)
    {
        try
        {
            return new(ManifestJson.Read(File.ReadAllBytes(file)), [], []);
        }
        catch (Exception unreadable) when (unreadable is FormatException or IOException or UnauthorizedAccessException)
        {
            findings.Error(Shown.Text(unreadable.Message, 200));
            return new(null, findings.ToSorted(), []);
        }
    }

    private static string? Refuse(FindingList findings, string message)
    {
        findings.Error(message);
        return null;
    }

    private static string Find(string path) =>
        path.Length == 0 || path.Contains('\0') ? path
        : Directory.Exists(path) ? Path.Combine(Path.GetFullPath(path), FileName)
        : Path.GetFullPath(path);

    private static string? FindMisnamed(string file)
    {
        if (Path.GetFileName(file) != FileName || Path.Exists(file))
            return null;
        var other = Path.ChangeExtension(file, ".yml");
        return File.Exists(other) ? Path.GetFileName(other) : null;
    }

    /// <summary>As the user would name it: relative to the current folder, unless that is the longer way.</summary>
    internal static string Display(string file)
    {
        if (file.Length == 0 || file.Contains('\0'))
            return "manifest";
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        return Shown.Text(relative.Length < file.Length ? relative : file, 4096);
    }
}
