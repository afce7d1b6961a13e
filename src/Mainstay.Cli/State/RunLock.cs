using System.Globalization;
using System.Runtime.InteropServices;

namespace Mainstay.Cli.State;

/// <summary>
/// Held by the one <c>up</c> of a folder from its start until its process has ended, by whatever death: the kernel lets go (flock).
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string LockFile = "lock";
    private const string PidFile = "pid";

    private readonly FileStream _file;
    private readonly string _pidFile;

    private RunLock(FileStream file, string pidFile) => (_file, _pidFile) = (file, pidFile);

    /// <summary>The descriptor that holds it; as long as one of it is open in any process, the lock is held.</summary>
    public SafeHandle Descriptor => _file.SafeFileHandle;

    /// <summary>Null if another process holds it.</summary>
    /// <param name="stateDirectory">The folder.</param>
    /// <param name="pid">The process that is named as its holder.</param>
    public static RunLock? TryTake(string stateDirectory, int pid)
    {
        var path = Path.Combine(stateDirectory, LockFile);
        FileStream file;
        try
        {
            file = Open(path);
        }
        catch (IOException taken) when (File.Exists(path) && IsHeldElsewhere(taken))
        {
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw StateFolder.Unwritable(path, refused);
        }
        var pidFile = Path.Combine(stateDirectory, PidFile);
        try
        {
            File.WriteAllText(pidFile, pid.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The lock decides; the number is only shown.
        }

        return new(file, pidFile);
    }

    /// <summary>Whether some process holds it now. Shared, so that asking does not look like holding to another who asks.</summary>
    public static bool IsHeld(string stateDirectory)
    {
        try
        {
            using var file = new FileStream(Path.Combine(stateDirectory, LockFile), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (IOException taken) when (taken is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return IsHeldElsewhere(taken);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The process that took it last; null if unknown.</summary>
    public static int? Holder(string stateDirectory)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(stateDirectory, PidFile)), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_pidFile);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The lock decides; the number is only shown.
        }
        _file.Dispose();
    }

    /// <summary>For reading alone where nothing can be written any more: the lock is the same.</summary>
    private static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is IOException { HResult: StateFolder.ReadOnly } or UnauthorizedAccessException && File.Exists(path))
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
    }

    /// <summary>EWOULDBLOCK of flock, as the framework reports it: 11 on Linux, 35 on macOS.</summary>
    private static bool IsHeldElsewhere(IOException refused) => refused.HResult is 11 or 35;
}
