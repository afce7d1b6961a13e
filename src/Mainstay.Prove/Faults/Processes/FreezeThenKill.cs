namespace Mainstay.Prove.Faults.Processes;

/// <summary>
/// SIGSTOP for a moment, then SIGKILL: requests pile up on the process meanwhile, so that its death meets some in flight even if it is fast.
/// </summary>
internal static class FreezeThenKill
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <param name="length">50–100 ms: enough to pile up, too short to be ejected for.</param>
    public static async Task<ProcessEvidence> RunAsync(Target target, TimeSpan length, UndoGuard guard, TimeProvider time, CancellationToken cancel)
    {
        using var frozen = new Frozen(guard);
        var start = time.GetTimestamp();
        var stopping = target.Signal(Posix.SigStop, frozen.Promise);
        var stopped = await Seen.AllAsync(stopping, process => process.IsStopped, time);
        // Timers go by a coarse clock and may come some milliseconds early.
        for (var left = length - time.GetElapsedTime(start); left > TimeSpan.Zero; left = length - time.GetElapsedTime(start))
            await Task.Delay(left > Tick ? left : Tick, time, cancel);
        var stood = time.GetElapsedTime(start);
        var reached = target.Signal(Posix.SigKill);
        var gone = await Seen.AllAsync(reached, process => !process.IsAlive, time);
        return new(
            $"SIGSTOP to {string.Join(", ", stopping)}, SIGKILL {stood.TotalMilliseconds:0} ms later",
            [.. reached.Select(process => process.Pid)], stopped && gone, stood);
    }
}
