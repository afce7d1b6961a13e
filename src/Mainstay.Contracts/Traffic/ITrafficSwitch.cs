namespace Mainstay.Contracts.Traffic;

/// <summary>
/// Where the supervisor and the edge meet: <em>may take traffic</em>, and <em>drain, then tell me</em>.
/// Implemented by the edge; thread-safe; calls for an unknown replica do nothing.
/// </summary>
public interface ITrafficSwitch
{
    /// <summary>The replica is ready: requests may be sent to it from now on. Called twice for the same name and address, the second call does nothing.</summary>
    void Admit(ReplicaEndpoint replica);

    /// <summary>
    /// The replica still serves what it has but gets nothing new (it failed its readiness probe, or it is about to stop).
    /// <see cref="Admit"/> undoes it.
    /// </summary>
    void Suspend(string service, string replica);

    /// <summary>
    /// Gives the replica no new request and completes once nothing is in flight on it, or at <paramref name="limit"/>.
    /// Tunnels (WebSocket) are told to close (1001) at once. Requests still in flight at the limit are cut.
    /// </summary>
    Task<DrainOutcome> DrainAsync(string service, string replica, TimeSpan limit, CancellationToken cancel);

    /// <summary>The replica is gone: forget it, close its pooled connections. What is in flight ends by itself and may be retried elsewhere.</summary>
    void Remove(string service, string replica);

    /// <summary>
    /// Until disposed, requests for the service that find no replica wait for as long as their deadline allows
    /// (a planned gap), not only for the usual 10 s at most.
    /// </summary>
    IDisposable Hold(string service);

    /// <summary>What the edge sees of a replica; all zero for an unknown one.</summary>
    ReplicaTraffic Observe(string service, string replica);
}

/// <param name="Service">The service's name.</param>
/// <param name="Replica">Unique at any moment, such as <c>web-2</c>.</param>
/// <param name="Release">The release it runs; 1 or more.</param>
/// <param name="Port">On 127.0.0.1.</param>
public sealed record ReplicaEndpoint(string Service, string Replica, int Release, int Port);

/// <param name="Completed">Requests that finished during the drain.</param>
/// <param name="Cut">Requests that were still in flight at the limit.</param>
public readonly record struct DrainOutcome(int Completed, int Cut);

/// <param name="InFlight">Requests and tunnels being served now.</param>
/// <param name="Ejected">The edge sends it nothing for now.</param>
/// <param name="EjectedBecause">One short clause, such as "5 failures in a row"; null when not ejected.</param>
/// <param name="Requests">Attempts sent to it since it was admitted.</param>
public readonly record struct ReplicaTraffic(int InFlight, bool Ejected, string? EjectedBecause, long Requests);
