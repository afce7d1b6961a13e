using Mainstay.Contracts;

namespace Mainstay.Cli.State;

/// <summary>Which Mainstay a command is about: the folder that holds the manifest, and <c>.mainstay</c> beside it.</summary>
/// <param name="Directory">Absolute.</param>
/// <param name="Manifest">Absolute path of the manifest, which may not exist.</param>
internal sealed record Place(string Directory, string Manifest)
{
    public string StateDirectory => Path.Combine(Directory, WellKnown.StateFolder);

    public bool HasManifest => File.Exists(Manifest);

    /// <param name="path">A file or a folder; null: the current folder.</param>
    public static Place Of(string? path)
    {
        var full = Path.GetFullPath(path ?? ".");
        var directory = path is null || System.IO.Directory.Exists(full) ? full : Path.GetDirectoryName(full) ?? full;
        return new(Path.TrimEndingDirectorySeparator(directory), directory == full ? Path.Combine(full, WellKnown.ManifestFile) : full);
    }
}
