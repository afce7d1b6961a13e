using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Traffic;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Stopping;

/// <summary>How a stop went.</summary>
/// <param name="End">What ended it.</param>
/// <param name="Cut">Requests that were still in flight when the drain ended.</param>
internal readonly record struct StopOutcome(StopEnd End, int Cut = 0);

/// <summary>What ended a stop.</summary>
internal enum StopEnd
{
    /// <summary>The process has exited.</summary>
    Exited,

    /// <summary>It did not within the grace period, and was killed.</summary>
    Killed,

    /// <summary>Nothing: another supervisor goes on with it.</summary>
    Left,
}

/// <summary>Ends a process: traffic off, in-flight requests done, the stop signal to its group, and SIGKILL once the grace period is over.</summary>
/// <param name="traffic">Off first.</param>
/// <param name="time">The clock.</param>
/// <param name="signalling">Told when the stop signal is sent, just before it is, for whoever may have to go on.</param>
internal sealed class GracefulStop(ITrafficSwitch traffic, TimeProvider time, Action<IProcess, long> signalling)
{
    /// <param name="process">Alive, or already gone: then nothing is waited for.</param>
    /// <param name="spec">Whose <c>stop</c> applies.</param>
    /// <param name="replica">The name under which the edge knows it.</param>
    /// <param name="admitted">The edge may have sent it requests.</param>
    /// <param name="signalled">When an earlier supervisor sent the stop signal: it is not sent again, and the grace period goes on; null: none did.</param>
    /// <param name="entering">Told the phase that begins.</param>
    /// <param name="leave">Completes when another supervisor is to go on with it.</param>
    public async Task<StopOutcome> RunAsync(
        IProcess process, ServiceSpec spec, string replica, bool admitted, long? signalled, Action<ReplicaPhase> entering, Task leave)
    {
        var cut = 0;
        if (admitted && signalled is null)
        {
            entering(ReplicaPhase.Draining);
            cut = await DrainAsync(process, spec, replica, leave);
            if (leave.IsCompleted)
                return new(StopEnd.Left);
            // Before the signal: many servers wait for idle connections to close before they exit.
            traffic.Remove(spec.Name, replica);
        }
        entering(ReplicaPhase.Stopping);
        return new(await EndAsync(process, spec.Stop, signalled, leave), cut);
    }

    /// <summary>The stop signal, then SIGKILL after the grace period.</summary>
    public async Task<StopEnd> EndAsync(IProcess process, StopSpec stop, long? signalled, Task leave)
    {
        if (signalled is null && !process.Exited.IsCompleted)
        {
            signalled = time.GetTimestamp();
            signalling(process, signalled.Value);
            process.Signal(Signals.NumberOf(stop.Signal) ?? Signals.Terminate);
        }

        var left = stop.Grace - (signalled is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero);
        // Never longer than a whole grace period, whatever was noted.
        if (await EndsWithinAsync(process, left < TimeSpan.Zero ? TimeSpan.Zero : left > stop.Grace ? stop.Grace : left, leave))
            return process.Exited.IsCompleted ? StopEnd.Exited : StopEnd.Left;
        process.Signal(Signals.Kill);
        await process.Exited;
        return StopEnd.Killed;
    }

    private async Task<int> DrainAsync(IProcess process, ServiceSpec spec, string replica, Task leave)
    {
        using var gone = new CancellationTokenSource();
        var drain = traffic.DrainAsync(spec.Name, replica, spec.Stop.Drain, gone.Token);
        await Task.WhenAny(drain, process.Exited, leave);
        await gone.CancelAsync();
        try
        {
            return (await drain).Cut;
        }
        catch (OperationCanceledException)
        {
            return 0; // It died while it was drained, or others go on with it.
        }
    }

    private async Task<bool> EndsWithinAsync(IProcess process, TimeSpan limit, Task leave)
    {
        try
        {
            await Task.WhenAny(process.Exited, leave).WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
