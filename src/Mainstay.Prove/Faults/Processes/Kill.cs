namespace Mainstay.Prove.Faults.Processes;

/// <summary>SIGKILL: no goodbye.</summary>
internal static class Kill
{
    public static async Task<ProcessEvidence> RunAsync(Target target, TimeProvider time)
    {
        var reached = target.Signal(Posix.SigKill);
        var gone = await Seen.AllAsync(reached, process => !process.IsAlive, time);
        return new($"SIGKILL to {string.Join(", ", reached)}", [.. reached.Select(process => process.Pid)], gone, TimeSpan.Zero);
    }
}
