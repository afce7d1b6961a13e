using System.Globalization;
using Mainstay.Contracts.Processes;

namespace Mainstay.Prove.Faults.Processes;

/// <summary>One process for good: a pid that is given to another process later is not it.</summary>
/// <param name="StartTime">In clock ticks since the machine's start.</param>
internal readonly record struct ProcessId(int Pid, long StartTime)
{
    /// <summary>Null when there is no such process, or it has ended.</summary>
    public static ProcessId? Find(int pid) =>
        pid > 1 && ProcStat.Read(ProcFile.Root, pid) is { IsEnded: false } stat ? new(pid, stat.StartTime) : null;

    /// <summary>Null once it has ended.</summary>
    public ProcStat? Read() =>
        ProcStat.Read(ProcFile.Root, Pid) is { IsEnded: false } stat && stat.StartTime == StartTime ? stat : null;

    public bool IsAlive => Read() is not null;

    public bool IsStopped => Read() is { State: 'T' or 't' };

    /// <summary>False if it is gone, or not ours to signal.</summary>
    public bool Signal(int signal) => IsAlive && Posix.Kill(Pid, signal) == 0;

    /// <summary>Itself first, then whatever is in its group or descends from either.</summary>
    public IReadOnlyList<ProcessId> Tree()
    {
        var all = ProcStat.ReadAll(ProcFile.Root);
        var members = new HashSet<int> { Pid };
        var found = new List<ProcessId>();
        if (IsAlive)
            found.Add(this);
        // Parents may be listed after their children: until nothing is added any more.
        for (var before = 0; before != members.Count;)
        {
            before = members.Count;
            foreach (var process in all)
            {
                if (!process.IsEnded && (members.Contains(process.Parent) || process.Group == Pid) && members.Add(process.Pid))
                    found.Add(new(process.Pid, process.StartTime));
            }
        }
        return found;
    }

    public override string ToString() => Pid.ToString(CultureInfo.InvariantCulture);
}
