using Mainstay.Contracts.Control;
using Mainstay.Contracts.Traffic;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge;

/// <summary>The edge: listens, routes, balances, forwards. Configured from a manifest, exchanged piece by piece while running.</summary>
public sealed class EdgeServer(TimeProvider time, ILoggerFactory logs, int seed) : IAsyncDisposable
{
    /// <summary>Where the supervisor says which replicas may take traffic.</summary>
    public ITrafficSwitch Traffic => throw new InvalidOperationException($"{time}{logs}{seed}");

    /// <summary>Binds every listener, or none: throws <see cref="ListenException"/> with one clear line.</summary>
    public Task StartAsync(ManifestSpec manifest, CancellationToken cancel) => throw new InvalidOperationException();

    /// <summary>
    /// Applies changed listeners, limits, routes and services without dropping a connection: new listeners first (all or nothing, as
    /// <see cref="StartAsync"/>), then the routes in one step, then listeners that are gone are drained in the background.
    /// </summary>
    public Task ApplyAsync(ManifestSpec manifest, CancellationToken cancel) => throw new InvalidOperationException();

    /// <summary>Not ready any more, still serving; answers announce <c>Connection: close</c> (GOAWAY on HTTP/2).</summary>
    public void BecomeLameDuck() => throw new InvalidOperationException();

    /// <summary>Stops accepting, waits for what is in flight (at most <paramref name="limit"/>), then closes the rest. Completed and cut requests are returned.</summary>
    public Task<DrainOutcome> StopAsync(TimeSpan limit, CancellationToken cancel) => throw new InvalidOperationException();

    public EdgeStatus Status() => throw new InvalidOperationException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A listener could not be bound; the message says which, why and what to do, in one line.</summary>
public sealed class ListenException(string message) : Exception(message);
