using System.Buffers.Text;
using System.Globalization;
using Mainstay.Contracts.Processes;

namespace Mainstay.Supervisor.Launching;

/// <summary>Reads the process table of Linux. Stateless, thread-safe.</summary>
/// <param name="procDirectory">/proc, or a folder that looks like it.</param>
internal sealed class ProcProcessTree(string procDirectory = ProcFile.Root) : IProcessTree
{
    private bool IsKnown => File.Exists($"{procDirectory}/stat");

    public IReadOnlyList<int>? MembersOf(int group) => Look(() => TreeOf(group));

    public IReadOnlyDictionary<int, long>? MemoryOf(IReadOnlyCollection<int> groups) => Look(() =>
    {
        var memory = new Dictionary<int, long>();
        foreach (var (pid, group) in Assign(ProcStat.ReadAll(procDirectory), groups))
            memory[group] = memory.GetValueOrDefault(group) + MemoryOf(pid);
        return memory;
    });

    public IReadOnlyList<TreeListener>? ListenersOf(int group) => Look(() =>
    {
        var listening = ListeningSockets.Read(procDirectory);
        var found = new List<TreeListener>();
        foreach (var pid in TreeOf(group).Order())
        {
            foreach (var inode in SocketsOf(pid))
            {
                // Removed: forked workers share one socket, and it is one listener.
                if (listening.Remove(inode, out var end))
                    found.Add(new TreeListener(pid, end.Address, end.Port));
            }
        }

        return found;
    });

    private T? Look<T>(Func<T> read)
        where T : class
    {
        try
        {
            return IsKnown ? read() : null;
        }
        catch (IOException problem) when (OwnShortage.Is(problem))
        {
            return null;
        }
    }

    private List<int> TreeOf(int group)
    {
        var members = Assign(ProcStat.ReadAll(procDirectory), [group]).Select(pair => pair.Pid).ToList();
        if (members.Remove(group))
            members.Insert(0, group);
        return members;
    }

    /// <summary>Which of the groups' trees each process belongs to: by its group, or by the nearest ancestor that has one of them.</summary>
    private static IEnumerable<(int Pid, int Group)> Assign(List<ProcStat> processes, IReadOnlyCollection<int> groups)
    {
        var wanted = groups as IReadOnlySet<int> ?? groups.ToHashSet();
        var byPid = processes.ToDictionary(process => process.Pid);
        foreach (var process in processes)
        {
            if (process.IsEnded)
                continue;
            var ancestor = process;
            // The table changes while it is read: the bound keeps a reused pid from making this a circle.
            for (var steps = 0; steps < 64; steps++)
            {
                if (wanted.Contains(ancestor.Group))
                {
                    yield return (process.Pid, ancestor.Group);
                    break;
                }

                if (!byPid.TryGetValue(ancestor.Parent, out ancestor))
                    break;
            }
        }
    }

    private long MemoryOf(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        if (ProcFile.TryRead($"{procDirectory}/{pid}/smaps_rollup", buffer, out var length))
        {
            var at = buffer[..length].IndexOf("\nPss:"u8);
            if (at >= 0 && Utf8Parser.TryParse(buffer[(at + 5)..length].TrimStart((byte)' '), out long kilobytes, out _))
                return kilobytes * 1024;
        }

        // Another user's process, or an old kernel: the resident size is an upper bound.
        if (!ProcFile.TryRead($"{procDirectory}/{pid}/statm", buffer, out length))
            return 0;
        var pages = System.Text.Encoding.ASCII.GetString(buffer[..length]).Split(' ');
        return pages.Length > 1 && long.TryParse(pages[1], CultureInfo.InvariantCulture, out var resident)
            ? resident * Environment.SystemPageSize
            : 0;
    }

    private IEnumerable<long> SocketsOf(int pid)
    {
        const string Prefix = "socket:[";
        string[] entries;
        try
        {
            entries = Directory.GetFileSystemEntries($"{procDirectory}/{pid}/fd");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException && !OwnShortage.Is(problem))
        {
            yield break;
        }

        foreach (var entry in entries)
        {
            var target = LinkOf(entry);
            if (target is not null && target.StartsWith(Prefix, StringComparison.Ordinal)
                && long.TryParse(target.AsSpan(Prefix.Length).TrimEnd(']'), CultureInfo.InvariantCulture, out var inode))
                yield return inode;
        }
    }

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
