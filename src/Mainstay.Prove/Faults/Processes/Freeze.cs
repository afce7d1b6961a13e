namespace Mainstay.Prove.Faults.Processes;

/// <summary>
/// SIGSTOP for a time, then SIGCONT: a process that is there and does not answer. It goes on in any case: also when this is cancelled, and, through
/// the guard, when we are killed.
/// </summary>
internal static class Freeze
{
    public static async Task<ProcessEvidence> RunAsync(Target target, TimeSpan length, UndoGuard guard, TimeProvider time, CancellationToken cancel)
    {
        using var frozen = new Frozen(guard);
        var start = time.GetTimestamp();
        var reached = target.Signal(Posix.SigStop, frozen.Promise);
        var stopped = await Seen.AllAsync(reached, process => process.IsStopped, time);
        try
        {
            var left = length - time.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, time, cancel);
        }
        catch (OperationCanceledException)
        {
            // Thawed sooner; the evidence says how soon.
        }
        // What was ended meanwhile, as one that does not answer is, stood still until then.
        stopped &= reached.All(process => process.IsStopped || !process.IsAlive);
        frozen.Dispose();
        var thawed = await Seen.AllAsync(reached, process => !process.IsStopped, time);
        return new(
            $"SIGSTOP to {string.Join(", ", reached)}, SIGCONT later", [.. reached.Select(process => process.Pid)], stopped && thawed, time.GetElapsedTime(start));
    }
}
