namespace Mainstay.Supervisor.Releases;

/// <summary>Copies an artifact: by reflink where the file system can (the base library tries first), else byte by byte; modes and links kept.</summary>
internal static class Snapshot
{
    private const UnixFileMode Writable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="artifact">Absolute path of a file or folder.</param>
    /// <param name="target">A folder that does not exist yet; holds the artifact's contents, or the one file, afterwards.</param>
    /// <param name="except">A folder that is left out.</param>
    public static void Take(string artifact, string target, string except, CancellationToken cancel)
    {
        Directory.CreateDirectory(target);
        var folders = new List<(string Path, UnixFileMode Mode)>();
        foreach (var entry in ArtifactTree.Walk(artifact, except))
        {
            cancel.ThrowIfCancellationRequested();
            var copy = Path.Combine(target, entry.Relative);
            switch (entry.Kind)
            {
                case ArtifactKind.Folder:
                    Directory.CreateDirectory(copy, Writable);
                    folders.Add((copy, entry.Mode));
                    break;
                case ArtifactKind.Link:
                    File.CreateSymbolicLink(copy, Retarget(entry, artifact));
                    break;
                default:
                    CopyFile(entry, copy);
                    break;
            }
        }
        // Last, and inner ones first: a folder that may not be written could not have been filled.
        for (var i = folders.Count - 1; i >= 0; i--)
            File.SetUnixFileMode(folders[i].Path, folders[i].Mode);
    }

    private static void CopyFile(ArtifactEntry file, string copy)
    {
        if (file.Length > 0)
        {
            File.Copy(file.Path, copy);
            return;
        }
        // Pipes and sockets show no length either, and to open one could wait for ever.
        File.Create(copy).Dispose();
        File.SetUnixFileMode(copy, file.Mode);
    }

    /// <summary>A link to something in the artifact points into the copy; one that leads out keeps its target, which is not copied.</summary>
    private static string Retarget(ArtifactEntry link, string artifact)
    {
        var folder = Path.GetDirectoryName(link.Path)!;
        var target = Path.GetFullPath(link.LinkTarget!, folder);
        var inside = target == artifact || target.StartsWith(artifact + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside ? Path.GetRelativePath(folder, target) : target;
    }

    /// <summary>Removes a snapshot, also one with folders that may not be written.</summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true }))
        {
            var mode = File.GetUnixFileMode(inner);
            if ((mode & Writable) != Writable)
                File.SetUnixFileMode(inner, mode | Writable);
        }
        Directory.Delete(folder, recursive: true);
    }
}
