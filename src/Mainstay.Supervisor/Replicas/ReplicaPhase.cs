namespace Mainstay.Supervisor.Replicas;

/// <summary>Where a replica is in its life.</summary>
internal enum ReplicaPhase
{
    /// <summary>Launched, not ready yet.</summary>
    Starting,

    /// <summary>Takes traffic.</summary>
    Ready,

    /// <summary>Runs and serves what it has, but failed its readiness probe: gets nothing new.</summary>
    Suspended,

    /// <summary>Traffic is off; requests in flight end.</summary>
    Draining,

    /// <summary>Was told to exit.</summary>
    Stopping,

    /// <summary>Not running; waits to be started again.</summary>
    Crashed,

    /// <summary>Gone for good.</summary>
    Stopped,
}
