using System.Text;
using Mainstay.Contracts;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>
/// A folder of the laboratory's own in the temporary one, closed to others, gone at the end; if we are killed, the guard removes it. Its lock tells a folder
/// in use from one whose guard was killed as well; the next run removes the latter.
/// </summary>
internal sealed class LabFolder : IDisposable
{
    private const string Beginning = "mainstay-prove-";
    private const string LockName = "in-use";

    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Closed | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Everybodys = Passable | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;

    /// <summary>Longer than it takes from making a folder to locking it.</summary>
    private static readonly TimeSpan Making = TimeSpan.FromMinutes(1);

    private readonly string _root;
    private readonly IDisposable? _promise;
    private readonly FileStream _lock;

    private LabFolder(string root, IDisposable? promise)
    {
        (_root, _promise) = (root, promise);
        Path = System.IO.Path.Combine(root, "lab");
        var temporary = System.IO.Path.Combine(root, "tmp");
        Temporary = Encoding.UTF8.GetByteCount(temporary) + RuntimeFiles.LongestName <= WellKnown.SocketPathLimit ? temporary : null;
        // What root starts may become somebody else, who needs a temporary folder as well.
        var isRoot = Environment.IsPrivilegedProcess;
        Make(root, isRoot ? Passable : Closed);
        _lock = new FileStream(System.IO.Path.Combine(root, LockName), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            Make(Path, Closed);
            if (Temporary is not null)
                Make(Temporary, isRoot ? Everybodys : Closed);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>
    /// For what the application, its builds and Mainstay put into the temporary folder: what is killed leaves files there, and two copies of an application may
    /// use the same names. Null: sockets in it would get too long a path, and they use the one that everybody uses.
    /// </summary>
    public string? Temporary { get; }

    /// <summary>Where the manifest of the application under test is written.</summary>
    public string Manifest => this["mainstay.kept.json"];

    /// <summary>In which it was made.</summary>
    public string Parent => System.IO.Path.GetDirectoryName(_root)!;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <param name="parent">The temporary folder.</param>
    /// <param name="guard">Of this process.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="LabException">It cannot be made.</exception>
    public static LabFolder Create(string parent, UndoGuard guard, TimeProvider time)
    {
        var root = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), $"{Beginning}{Guid.NewGuid():N}"[..^20]);
        var promise = Undo.Remove(root) is { } undo ? guard.Promise(undo) : null;
        try
        {
            RemoveLeftovers(parent, time.GetUtcNow() - Making);
            return new(root, promise);
        }
        catch (Exception refused) when (LabException.IsNoPlace(refused))
        {
            if (Remove(root))
                promise?.Dispose();
            throw LabException.NoPlace(parent, refused);
        }
    }

    public void Dispose()
    {
        // What does not go now, because something still writes there, goes with the guard.
        if (Remove(_root))
            _promise?.Dispose();
        _lock.Dispose();
    }

    /// <summary>Whatever mask this process has.</summary>
    private static void Make(string folder, UnixFileMode mode)
    {
        Directory.CreateDirectory(folder, Closed);
        File.SetUnixFileMode(folder, mode);
    }

    /// <summary>A folder without a lock is being made just now; an old one is the rest of one that did not go as a whole.</summary>
    private static void RemoveLeftovers(string parent, DateTimeOffset old)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Beginning + "*"))
        {
            try
            {
                var mode = Directory.GetLastWriteTimeUtc(folder) < old.UtcDateTime ? FileMode.OpenOrCreate : FileMode.Open;
                using (new FileStream(System.IO.Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None))
                    Remove(folder);
            }
            catch (Exception other) when (other is IOException or UnauthorizedAccessException)
            {
                // In use, being made just now, or somebody else's.
            }
        }
    }

    /// <summary>Whether it is gone.</summary>
    private static bool Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // Something still writes there, or may not be written to; or it was never made.
        }
        return !Directory.Exists(folder);
    }
}
