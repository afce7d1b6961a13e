namespace Mainstay.Supervisor.Replicas;

/// <summary>What a replica is now: an immutable picture, replaced as a whole by its owner loop.</summary>
internal sealed record ReplicaState(ReplicaPhase Phase, DateTimeOffset Since)
{
    /// <summary>The group leader's process id; null when none runs.</summary>
    public int? Group { get; init; }

    /// <summary>The process that listens, when known.</summary>
    public int? Listener { get; init; }

    /// <summary>Where it listens; null for a worker or when none runs.</summary>
    public int? Port { get; init; }

    /// <summary>Launches so far.</summary>
    public int Launches { get; init; }

    /// <summary>Deaths, and readiness lost, so far: anything that a new release must not do while it is watched.</summary>
    public int Lapses { get; init; }

    /// <summary>Why the last of them happened; null before the first.</summary>
    public string? LastLapse { get; init; }

    /// <summary>Deaths before it was ready, in a row, and what they mean.</summary>
    public bool CrashLoop { get; init; }

    /// <summary>Trying again will not help: the program does not exist, and the like.</summary>
    public bool Hopeless { get; init; }

    /// <summary>Why it is in this phase; null when nothing is to be said.</summary>
    public string? Reason { get; init; }

    /// <summary>Its last output when it died last.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    public bool IsReady => Phase == ReplicaPhase.Ready;
}
