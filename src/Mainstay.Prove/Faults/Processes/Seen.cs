namespace Mainstay.Prove.Faults.Processes;

/// <summary>Looks whether a signal did what it is there for: the kernel delivers it a moment later.</summary>
internal static class Seen
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<bool> AllAsync(IReadOnlyList<ProcessId> processes, Func<ProcessId, bool> condition, TimeProvider time)
    {
        var start = time.GetTimestamp();
        while (!processes.All(condition))
        {
            if (time.GetElapsedTime(start) > Patience)
                return false;
            await Task.Delay(Look, time);
        }
        return processes.Count > 0;
    }
}
