namespace Mainstay.Supervisor.Releases;

internal enum ArtifactKind
{
    Folder,
    File,
    Link,
}

/// <param name="Path">Absolute.</param>
/// <param name="Relative">Below the artifact; an artifact that is a file itself: its name.</param>
/// <param name="LinkTarget">As written in the link.</param>
internal readonly record struct ArtifactEntry(ArtifactKind Kind, string Path, string Relative, string? LinkTarget, UnixFileMode Mode, long Length);

/// <summary>Walks an artifact in a fixed order: a folder before what it holds, links never followed.</summary>
internal static class ArtifactTree
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    /// <param name="artifact">Absolute path of a file or folder.</param>
    /// <param name="except">A folder that is left out, with all below it: the releases must not hold themselves.</param>
    public static IEnumerable<ArtifactEntry> Walk(string artifact, string except)
    {
        if (File.Exists(artifact))
            return [Describe(new FileInfo(artifact), Path.GetFileName(artifact))];
        return Below(new DirectoryInfo(artifact), "", Path.TrimEndingDirectorySeparator(except));
    }

    private static IEnumerable<ArtifactEntry> Below(DirectoryInfo folder, string relative, string except)
    {
        foreach (var item in folder.EnumerateFileSystemInfos("*", Everything).OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            if (item.FullName == except)
                continue;
            var name = relative.Length == 0 ? item.Name : $"{relative}/{item.Name}";
            var entry = Describe(item, name);
            yield return entry;
            if (entry.Kind != ArtifactKind.Folder)
                continue;
            foreach (var inner in Below((DirectoryInfo)item, name, except))
                yield return inner;
        }
    }

    private static ArtifactEntry Describe(FileSystemInfo item, string relative)
    {
        if (item.LinkTarget is { } target)
            return new(ArtifactKind.Link, item.FullName, relative, target, default, 0);
        return item is FileInfo file
            ? new(ArtifactKind.File, item.FullName, relative, null, item.UnixFileMode, file.Length)
            : new(ArtifactKind.Folder, item.FullName, relative, null, item.UnixFileMode, 0);
    }
}
