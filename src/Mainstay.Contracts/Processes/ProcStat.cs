using System.Globalization;
using System.Text;

namespace Mainstay.Contracts.Processes;

/// <summary>What /proc/PID/stat says of a process.</summary>
/// <param name="StartTime">In clock ticks since the machine's start; with the pid and the boot it names one process for ever.</param>
public readonly record struct ProcStat(int Pid, char State, int Parent, int Group, long StartTime)
{
    /// <summary>Ended, but not reaped by its parent yet.</summary>
    public bool IsEnded => State is 'Z' or 'X';

    /// <summary>Null when there is no such process (or no /proc).</summary>
    public static ProcStat? Read(string procDirectory, int pid) => Read(procDirectory, pid, admitsShortage: false);

    /// <summary>The name in parentheses may contain anything, also parentheses and line feeds: fields are counted from the last one.</summary>
    public static ProcStat? Parse(int pid, ReadOnlySpan<byte> text)
    {
        var nameEnd = text.LastIndexOf((byte)')');
        if (nameEnd < 0 || nameEnd + 2 >= text.Length)
            return null;
        var rest = Encoding.ASCII.GetString(text[(nameEnd + 2)..]).AsSpan();
        Span<Range> fields = stackalloc Range[24];
        // Counted from the third field on: state 0, parent 1, group 2, start time 19.
        return rest.Split(fields, ' ') >= 20
            && int.TryParse(rest[fields[1]], CultureInfo.InvariantCulture, out var parent)
            && int.TryParse(rest[fields[2]], CultureInfo.InvariantCulture, out var group)
            && long.TryParse(rest[fields[19]], CultureInfo.InvariantCulture, out var startTime)
            ? new ProcStat(pid, rest[fields[0]][0], parent, group, startTime)
            : null;
    }

    /// <summary>A process and everything below it, parents before their children; also if it has ended.</summary>
    public static IEnumerable<int> Descent(string procDirectory, int pid)
    {
        var byParent = ReadAll(procDirectory).ToLookup(process => process.Parent, process => process.Pid);
        var open = new Queue<int>([pid]);
        while (open.TryDequeue(out var next))
        {
            yield return next;
            foreach (var child in byParent[next])
                open.Enqueue(child);
        }
    }

    /// <summary>Every process of the table; empty without /proc. Throws an <see cref="IOException"/> when this process can open nothing.</summary>
    public static List<ProcStat> ReadAll(string procDirectory)
    {
        var all = new List<ProcStat>();
        foreach (var pid in ProcFile.Pids(procDirectory))
        {
            if (Read(procDirectory, pid, admitsShortage: true) is { } stat)
                all.Add(stat);
        }

        return all;
    }

    private static ProcStat? Read(string procDirectory, int pid, bool admitsShortage)
    {
        Span<byte> buffer = stackalloc byte[1024];
        return ProcFile.TryRead($"{procDirectory}/{pid}/stat", buffer, out var length, admitsShortage) ? Parse(pid, buffer[..length]) : null;
    }
}
