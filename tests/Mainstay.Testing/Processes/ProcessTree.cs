using System.Globalization;

namespace Mainstay.Testing.Processes;

/// <param name="Pid">The process id.</param>
/// <param name="Parent">Its parent's.</param>
/// <param name="Started">In clock ticks since boot: with the pid, this names a process for good.</param>
/// <param name="State">As in /proc: R, S, Z, …</param>
/// <param name="CommandLine">Its arguments, parted by blanks.</param>
public sealed record ProcessEntry(int Pid, int Parent, long Started, char State, string CommandLine);

/// <summary>What /proc says about processes.</summary>
public static class ProcessTree
{
    /// <summary>Every process below one, not itself.</summary>
    public static IReadOnlyList<ProcessEntry> Below(int pid)
    {
        var byParent = All().ToLookup(entry => entry.Parent);
        var found = new List<ProcessEntry>();
        var open = new Queue<int>([pid]);
        while (open.TryDequeue(out var parent))
        {
            foreach (var child in byParent[parent])
            {
                found.Add(child);
                open.Enqueue(child.Pid);
            }
        }
        return found;
    }

    /// <summary>Those that still run, and are the same processes as before.</summary>
    public static IReadOnlyList<ProcessEntry> Alive(IEnumerable<ProcessEntry> entries) =>
        [.. entries.Where(entry => Find(entry.Pid) is { State: not 'Z' } now && now.Started == entry.Started)];

    public static IEnumerable<ProcessEntry> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? Find(pid) : null)
            .OfType<ProcessEntry>();

    public static ProcessEntry? Find(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name stands in brackets and may hold anything, brackets too.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var commandLine = File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Trim();
            return new(pid, int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture), fields[0][0], commandLine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone
        }
    }

    /// <summary>Whether a process ignores a signal.</summary>
    public static bool Ignores(int pid, int signal)
    {
        var mask = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1];
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) != 0;
    }

    /// <summary>Proportional set size in bytes: what the process really costs; 0 once it is gone.</summary>
    public static long ProportionalMemory(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
