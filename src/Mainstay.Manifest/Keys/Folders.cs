using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Keys;

/// <summary>Paths of files and folders.</summary>
internal static class Folders
{
    public static ScalarShape<string> Path(string expected) => Scalars.Text(expected, text =>
        text.Trim().Length == 0 ? "is empty; write a path"
        : text.StartsWith('~') ? "begins with `~`, which is not expanded; write the full path, or ${HOME}"
        : text.Length > 4096 ? "is too long for a path"
        : text.Contains('\0') ? "holds a NUL character"
        : null);

    /// <summary>Absolute, and without a trailing slash.</summary>
    public static string Resolve(string directory, string path) =>
        System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, directory));
}
