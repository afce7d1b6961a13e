using Mainstay.Contracts.Control;
using Mainstay.Contracts.Traffic;

namespace Mainstay.Supervisor.Replicas;

/// <summary>A replica as <c>status</c> shows it: its own state, and what the edge sees of it.</summary>
internal static class ReplicaDescription
{
    public static ReplicaStatus Of(string name, int release, ReplicaState state, ReplicaTraffic traffic, long? memory) => new(
        name,
        state.Listener ?? state.Group,
        state.Port is { } port ? $"127.0.0.1:{port}" : null,
        Word(state, traffic),
        release,
        state.Since,
        Math.Max(0, state.Launches - 1),
        state.IsReady && traffic.Ejected ? traffic.EjectedBecause : state.Reason,
        traffic.InFlight,
        memory,
        state.Phase == ReplicaPhase.Crashed || (state.Phase == ReplicaPhase.Starting && state.LastLines.Count > 0) ? state.LastLines : null);

    private static string Word(ReplicaState state, ReplicaTraffic traffic) => state.Phase switch
    {
        ReplicaPhase.Ready => traffic.Ejected ? "ejected" : "ready",
        ReplicaPhase.Suspended => "ejected",
        ReplicaPhase.Draining => "draining",
        ReplicaPhase.Stopping or ReplicaPhase.Stopped => "stopping",
        ReplicaPhase.Crashed => "crashed",
        _ => "starting",
    };
}
