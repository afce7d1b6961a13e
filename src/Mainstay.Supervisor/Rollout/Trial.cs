using Mainstay.Contracts.Traffic;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Rollout;

/// <summary>What a new replica must pass before an old one goes. Every failure is a <see cref="RolloutException"/> with one clause and its last lines.</summary>
internal sealed class Trial(ITrafficSwitch traffic, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>It becomes ready in its first life.</summary>
    public async Task BecomeReadyAsync(Replica replica, CancellationToken cancel)
    {
        var state = await replica.WaitAsync(now => now.IsReady || now.Lapses > 0 || now.Phase == ReplicaPhase.Stopped, cancel);
        if (!state.IsReady)
            throw new RolloutException($"{replica.Name} {state.LastLapse ?? "was stopped"} before it was ready", state.LastLines);
    }

    /// <summary>It stays ready for so long, under traffic: it neither dies nor loses readiness, and the edge does not eject it.</summary>
    public async Task StayReadyAsync(Replica replica, TimeSpan readyFor, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var state = replica.State;
            if (state.Lapses > 0 || !state.IsReady)
                throw new RolloutException($"{replica.Name} {state.LastLapse ?? "was stopped"} {Within(began)}", state.LastLines);
            if (traffic.Observe(replica.Release.Spec.Name, replica.Name) is { Ejected: true } seen)
                throw new RolloutException($"{replica.Name} was ejected by the edge ({seen.EjectedBecause ?? "it failed requests"}) {Within(began)}", replica.LastLines);
            var left = readyFor - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return;
            await Task.Delay(left < Glance ? left : Glance, time, cancel);
        }
    }

    private string Within(long began) => $"{time.GetElapsedTime(began).TotalSeconds:0.0} s after it was ready";
}
