using System.Text;

namespace Mainstay.Manifest.Drafting;

/// <summary>An application's folder, read with care: whatever cannot be read is not there.</summary>
internal sealed class ProjectFolder(string path)
{
    private const int LargestFile = 1024 * 1024;

    private static readonly string[] NotOurs = ["node_modules", "bin", "obj", "out", "dist", "vendor", "venv", "__pycache__", "target"];

    public string Path { get; } = path;

    public bool Has(string file) => File.Exists(System.IO.Path.Combine(Path, file));

    /// <summary>The text of a file, or null.</summary>
    public string? Read(string file)
    {
        try
        {
            var found = new FileInfo(System.IO.Path.Combine(Path, file));
            return found.Exists && found.Length is > 0 and <= LargestFile ? File.ReadAllText(found.FullName, Encoding.UTF8) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Names of files in a folder below this one, in ordinal order, as paths from here.</summary>
    public IReadOnlyList<string> Files(string pattern, string below = "") => List(below, folder => Directory.EnumerateFiles(folder, pattern));

    /// <summary>Names of folders, without those that hold built or fetched files.</summary>
    public IReadOnlyList<string> Folders(string below = "") =>
        [.. List(below, Directory.EnumerateDirectories).Where(folder => System.IO.Path.GetFileName(folder) is var name && name[0] != '.' && !NotOurs.Contains(name))];

    private List<string> List(string below, Func<string, IEnumerable<string>> list)
    {
        try
        {
            var found = list(System.IO.Path.Combine(Path, below)).Take(200).Select(entry => System.IO.Path.GetRelativePath(Path, entry)).ToList();
            found.Sort(StringComparer.Ordinal);
            return found;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
