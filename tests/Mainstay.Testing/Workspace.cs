namespace Mainstay.Testing;

/// <summary>A folder of its own below the temporary folder, gone afterwards. Its path is short enough for a Unix socket.</summary>
public sealed class Workspace : IDisposable
{
    public Workspace() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "ms-" + Guid.NewGuid().ToString("n")[..10]);

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[file])!);
        File.WriteAllText(this[file], text);
    }

    /// <summary>The lines of all files named PREFIX-….</summary>
    public string[] Lines(string prefix) => [.. Directory.GetFiles(Path, prefix + "-*").SelectMany(File.ReadAllLines)];

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is about to end still writes here; the system's temporary folder is cleaned up by others.
        }
    }
}
