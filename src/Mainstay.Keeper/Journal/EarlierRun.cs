using System.Collections.Immutable;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Keeper.Platform;

namespace Mainstay.Keeper.Journal;

/// <summary>
/// Ends what an earlier run left behind, and nobody else: a group counts as ours only if its leader has the recorded pid, start time and
/// boot, or, when the leader has gone, if a member carries that run's marker in its environment.
/// </summary>
internal sealed class EarlierRun(string bootId, TimeProvider time, Action<string> warn)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>The pid of the Mainstay that wrote the entries, if it still lives.</summary>
    public int? OwnerAlive(ImmutableArray<JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Name == JournalEntry.OwnerName && entry.Pid != Environment.ProcessId && IsSame(entry) is { IsEnded: false })
                return entry.Pid;
        }

        return null;
    }

    /// <summary>Kills the groups and waits, 2 s at most, until they are gone. Returns the names of those that were found.</summary>
    public async Task<ImmutableArray<string>> EndAsync(ImmutableArray<JournalEntry> entries)
    {
        var ours = entries.Where(entry => entry.Name != JournalEntry.OwnerName && IsOurs(entry)).ToList();
        foreach (var entry in ours)
        {
            _ = LibC.Kill(-entry.Pid, Signals.Kill);
            warn($"ended {entry.Name} (process group {entry.Pid}), left over from an earlier run");
        }

        var started = time.GetTimestamp();
        while (ours.Any(entry => Members(entry.Pid).Any()) && time.GetElapsedTime(started) < Patience)
            await Task.Delay(Look, time);
        return [.. ours.Select(entry => entry.Name)];
    }

    private bool IsOurs(JournalEntry entry)
    {
        if (entry.BootId != bootId)
            return false;
        // A leader that ended but was not reaped still holds the group's id.
        if (ProcStat.Read(ProcFile.Root, entry.Pid) is { } leader)
            return leader.StartTime == entry.StartTime && leader.Group == entry.Pid && Members(entry.Pid).Any();
        return Members(entry.Pid).Any(member => CarriesMarker(member.Pid, entry.Marker));
    }

    private ProcStat? IsSame(JournalEntry entry) =>
        entry.BootId == bootId && ProcStat.Read(ProcFile.Root, entry.Pid) is { } stat && stat.StartTime == entry.StartTime ? stat : null;

    private static IEnumerable<ProcStat> Members(int group) =>
        ProcStat.ReadAll(ProcFile.Root).Where(process => process.Group == group && !process.IsEnded);

    private static bool CarriesMarker(int pid, string marker) => ProcFile.Variable(ProcFile.Root, pid, JournalEntry.MarkerVariable) == marker;
}
