using System.IO.Enumeration;

namespace Mainstay.Contracts.Processes;

/// <summary>Reads the small files of /proc. A process may end at any moment: what cannot be read is no error.</summary>
public static class ProcFile
{
    public const string Root = "/proc";

    /// <summary>Reads as much as the buffer takes.</summary>
    public static bool TryRead(string path, Span<byte> buffer, out int length) => TryRead(path, buffer, out length, admitsShortage: false);

    /// <param name="path">The file.</param>
    /// <param name="buffer">For its beginning.</param>
    /// <param name="length">How much was read.</param>
    /// <param name="admitsShortage">Throws an <see cref="IOException"/> when this process can open nothing, instead of taking the file for missing.</param>
    internal static bool TryRead(string path, Span<byte> buffer, out int length, bool admitsShortage)
    {
        length = 0;
        try
        {
            using var file = File.OpenHandle(path);
            while (length < buffer.Length)
            {
                var count = RandomAccess.Read(file, buffer[length..], length);
                if (count == 0)
                    break;
                length += count;
            }

            return length > 0;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException && !(admitsShortage && OwnShortage.Is(problem)))
        {
            return false;
        }
    }

    /// <summary>The pids of the table; empty without one. Throws an <see cref="IOException"/> when this process can open nothing.</summary>
    public static IEnumerable<int> Pids(string procDirectory)
    {
        if (!Directory.Exists(procDirectory))
            return [];
        return new FileSystemEnumerable<int>(procDirectory, (ref entry) => int.Parse(entry.FileName))
        {
            ShouldIncludePredicate = (ref entry) => int.TryParse(entry.FileName, out var pid) && pid > 0,
        };
    }

    /// <summary>A variable of the environment that a process was started with; null: it has none of this name, or nobody may know.</summary>
    public static string? Variable(string procDirectory, int pid, string name)
    {
        var environment = new byte[256 * 1024];
        return TryRead($"{procDirectory}/{pid}/environ", environment, out var length)
            ? System.Text.Encoding.UTF8.GetString(environment, 0, length).Split('\0')
                .FirstOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
            : null;
    }

    /// <summary>Identifies this start of the machine; empty where the platform does not tell.</summary>
    public static string BootId()
    {
        Span<byte> buffer = stackalloc byte[64];
        return TryRead("/proc/sys/kernel/random/boot_id", buffer, out var length)
            ? System.Text.Encoding.ASCII.GetString(buffer[..length]).Trim()
            : "";
    }
}
