namespace Mainstay.Prove.Experiments.Labs;

/// <summary>
/// A folder of the laboratory's own in the temporary one, closed to others, gone at the end. Its lock tells a folder in use from one whose
/// run was killed; the next run removes the latter.
/// </summary>
internal sealed class LabFolder : IDisposable
{
    private const string Beginning = "mainstay-prove-";
    private const string LockName = "in-use";

    private readonly FileStream _lock;

    private LabFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Where the manifest of the application under test is written.</summary>
    public string Manifest => this["mainstay.kept.json"];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <param name="parent">The temporary folder.</param>
    /// <exception cref="LabException">It cannot be made.</exception>
    public static LabFolder Create(string parent)
    {
        try
        {
            return New(parent);
        }
        catch (Exception refused) when (LabException.IsNoPlace(refused))
        {
            throw LabException.NoPlace(parent, refused);
        }
    }

    private static LabFolder New(string parent)
    {
        RemoveLeftovers(parent);
        var path = System.IO.Path.Combine(parent, $"{Beginning}{Guid.NewGuid():N}"[..^20]);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            return new(path, new FileStream(System.IO.Path.Combine(path, LockName), FileMode.Create, FileAccess.ReadWrite, FileShare.None));
        }
        catch
        {
            Directory.Delete(path, recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose();
    }

    private static void RemoveLeftovers(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Beginning + "*"))
        {
            try
            {
                using (new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    Remove(folder);
            }
            catch (Exception other) when (other is IOException or UnauthorizedAccessException)
            {
                // In use, being made just now, or somebody else's.
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // Something still writes there; the next run removes what is left.
        }
    }
}
