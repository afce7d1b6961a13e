using System.Globalization;

namespace Mainstay.Edge.Listening;

/// <summary>Finds out from /proc which process listens on a port, as far as we may look; only for an error message.</summary>
internal static class PortOwner
{
    /// <summary>" by NAME (pid N)", or nothing if it cannot be told.</summary>
    public static string Describe(int port)
    {
        try
        {
            var sockets = Inodes("/proc/net/tcp", port).Concat(Inodes("/proc/net/tcp6", port)).Select(inode => $"socket:[{inode}]").ToHashSet();
            if (sockets.Count == 0)
                return "";
            foreach (var process in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid) && Holds(process, sockets))
                    return $" by {File.ReadAllText(Path.Combine(process, "comm")).Trim()} (pid {pid})";
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or not ours to see.
        }
        return "";
    }

    private static IEnumerable<string> Inodes(string table, int port)
    {
        const string Listening = "0A";
        if (!File.Exists(table))
            yield break;
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > 9 && columns[1].EndsWith(suffix, StringComparison.Ordinal) && columns[3] == Listening)
                yield return columns[9];
        }
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd"))
                .Any(descriptor => new FileInfo(descriptor).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
