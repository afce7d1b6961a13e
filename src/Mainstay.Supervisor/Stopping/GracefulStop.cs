using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Traffic;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Stopping;

/// <summary>How a stop went.</summary>
/// <param name="Cut">Requests that were still in flight when the drain ended.</param>
/// <param name="Killed">It did not exit within the grace period.</param>
internal readonly record struct StopOutcome(int Cut, bool Killed);

/// <summary>Ends a process: traffic off, in-flight requests done, the stop signal to its group, and SIGKILL once the grace period is over.</summary>
internal sealed class GracefulStop(ITrafficSwitch traffic, TimeProvider time)
{
    /// <param name="process">Alive, or already gone: then nothing is waited for.</param>
    /// <param name="spec">Whose <c>stop</c> applies.</param>
    /// <param name="replica">The name under which the edge knows it.</param>
    /// <param name="admitted">The edge may have sent it requests.</param>
    /// <param name="entering">Told the phase that begins.</param>
    public async Task<StopOutcome> RunAsync(IProcess process, ServiceSpec spec, string replica, bool admitted, Action<ReplicaPhase> entering)
    {
        var cut = 0;
        if (admitted)
        {
            entering(ReplicaPhase.Draining);
            cut = await DrainAsync(process, spec, replica);
            // Before the signal: many servers wait for idle connections to close before they exit.
            traffic.Remove(spec.Name, replica);
        }
        entering(ReplicaPhase.Stopping);
        return new(cut, await EndAsync(process, spec.Stop));
    }

    /// <summary>The stop signal, then SIGKILL after the grace period; true if it came to that.</summary>
    public async Task<bool> EndAsync(IProcess process, StopSpec stop)
    {
        process.Signal(Signals.NumberOf(stop.Signal) ?? Signals.Terminate);
        if (await EndsWithinAsync(process, stop.Grace))
            return false;
        process.Signal(Signals.Kill);
        await process.Exited;
        return true;
    }

    private async Task<int> DrainAsync(IProcess process, ServiceSpec spec, string replica)
    {
        using var gone = new CancellationTokenSource();
        var drain = traffic.DrainAsync(spec.Name, replica, spec.Stop.Drain, gone.Token);
        await Task.WhenAny(drain, process.Exited);
        await gone.CancelAsync();
        try
        {
            return (await drain).Cut;
        }
        catch (OperationCanceledException)
        {
            return 0; // It died while it was drained; there is nothing left to wait for.
        }
    }

    private async Task<bool> EndsWithinAsync(IProcess process, TimeSpan limit)
    {
        try
        {
            await process.Exited.WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
