namespace Mainstay.Supervisor.Probing;

/// <summary>Asks a replica once whether it is well. Never throws, except when cancelled.</summary>
internal interface IProbe
{
    /// <param name="timeout">Of this one question, connection included.</param>
    Task<ProbeResult> AskAsync(TimeSpan timeout, CancellationToken cancel);
}

/// <param name="Ok">It is well.</param>
/// <param name="Reason">One clause, such as "GET /readyz answered 503".</param>
/// <param name="Refused">Nothing listens: asking again soon costs the replica nothing.</param>
internal readonly record struct ProbeResult(bool Ok, string Reason, bool Refused = false)
{
    /// <summary>The question did not reach the replica, for want of a descriptor of our own: says nothing about it.</summary>
    public bool Unasked { get; private init; }

    public static ProbeResult Well { get; } = new(true, "");

    public static ProbeResult Bad(string reason) => new(false, reason);

    public static ProbeResult NotAsked(string reason) => new(false, reason) { Unasked = true };
}
