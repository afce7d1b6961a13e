using System.Globalization;
using System.Text;
using Mainstay.Contracts.Processes;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>What the threads of a process and of those below it have used of the processors, from /proc; what can be said of any runtime.</summary>
/// <param name="Threads">By pid and thread.</param>
internal sealed record ThreadUse(IReadOnlyDictionary<(int Pid, int Thread), OneThread> Threads)
{
    /// <summary>Clock ticks per second, as Linux shows them to everybody.</summary>
    private const double TicksPerSecond = 100;

    public static ThreadUse Of(int pid)
    {
        var found = new Dictionary<(int, int), OneThread>();
        foreach (var next in ProcStat.Descent(ProcFile.Root, pid))
        {
            foreach (var thread in ThreadsOf(next))
            {
                if (Read($"{ProcFile.Root}/{next}/task/{thread}") is { } use)
                    found[(next, thread)] = use;
            }
        }
        return new(found);
    }

    /// <summary>Seconds of processor time of all threads since.</summary>
    public double Since(ThreadUse before) => Deltas(before).Sum(thread => thread.Ticks) / TicksPerSecond;

    /// <summary>"thread python3 (4711) used a processor for 0.96 of 1 s", or where its first thread waits.</summary>
    public string Describe(ThreadUse before, double seconds)
    {
        var deltas = Deltas(before).OrderByDescending(thread => thread.Ticks).ToList();
        if (deltas is [var busiest, ..] && busiest.Ticks / TicksPerSecond > seconds / 2)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"thread {busiest.Use.Name} ({busiest.Id}) used a processor for {busiest.Ticks / TicksPerSecond:0.##} of {seconds:0.##} s");
        }
        var waiting = before.Threads.OrderBy(thread => thread.Key).Select(thread => thread.Value).FirstOrDefault(thread => thread.Waits.Length > 0);
        return waiting is null ? "no thread of it used a processor" : $"no thread of it used a processor much; {waiting.Name} waited in {waiting.Waits}";
    }

    internal static OneThread? Parse(string stat, string waits)
    {
        var nameEnd = stat.LastIndexOf(')');
        var nameStart = stat.IndexOf('(');
        if (nameStart < 0 || nameEnd < nameStart)
            return null;
        var fields = stat[(nameEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 12
            && long.TryParse(fields[11], CultureInfo.InvariantCulture, out var user) && long.TryParse(fields[12], CultureInfo.InvariantCulture, out var system)
            ? new(stat[(nameStart + 1)..nameEnd], user + system, waits is "0" ? "" : waits)
            : null;
    }

    private IEnumerable<(int Id, OneThread Use, long Ticks)> Deltas(ThreadUse before) =>
        Threads.Select(thread => (thread.Key.Thread, thread.Value, thread.Value.Ticks - (before.Threads.GetValueOrDefault(thread.Key)?.Ticks ?? thread.Value.Ticks)));

    private static List<int> ThreadsOf(int pid)
    {
        try
        {
            return [.. ProcFile.Pids($"{ProcFile.Root}/{pid}/task")];
        }
        catch (IOException)
        {
            return []; // It has just ended.
        }
    }

    private static OneThread? Read(string folder)
    {
        Span<byte> buffer = stackalloc byte[1024];
        if (!ProcFile.TryRead($"{folder}/stat", buffer, out var length))
            return null;
        var stat = Encoding.UTF8.GetString(buffer[..length]);
        var waits = ProcFile.TryRead($"{folder}/wchan", buffer, out length) ? Encoding.ASCII.GetString(buffer[..length]).Trim() : "";
        return Parse(stat, waits);
    }
}

/// <param name="Name">As the system shows it.</param>
/// <param name="Ticks">Processor time in clock ticks.</param>
/// <param name="Waits">The function of the kernel that it waits in; empty: it runs, or nobody says.</param>
internal sealed record OneThread(string Name, long Ticks, string Waits);
