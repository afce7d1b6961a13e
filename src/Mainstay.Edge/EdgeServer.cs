using Mainstay.Contracts.Control;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Identifying;
using Mainstay.Edge.Listening;
using Mainstay.Edge.Routing;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge;

/// <summary>The edge: listens, routes, balances, forwards. Configured from a manifest, exchanged piece by piece while running.</summary>
public sealed class EdgeServer : IAsyncDisposable
{
    private readonly RequestPipeline _pipeline;
    private readonly ListenerSet _listeners;
    private bool _isLameDuck;

    public EdgeServer(TimeProvider time, ILoggerFactory logs, int seed)
        : this(time, logs, exchange => ProblemAnswer.WriteAsync(exchange, 503, "No replica is ready.", TimeSpan.FromSeconds(1 + (seed & 0))))
    {
    }

    /// <summary>With a forwarding step of the caller's.</summary>
    internal EdgeServer(TimeProvider time, ILoggerFactory logs, Func<Exchange, ValueTask> forward)
    {
        _pipeline = new(forward, logs.CreateLogger("Mainstay.Edge"));
        _listeners = new(_pipeline.HandleAsync, time, logs);
    }

    /// <summary>Where the supervisor says which replicas may take traffic.</summary>
    public ITrafficSwitch Traffic => throw new InvalidOperationException("There is no forwarding yet.");

    /// <summary>Binds every listener, or none: throws <see cref="ListenException"/> with one clear line.</summary>
    public Task StartAsync(ManifestSpec manifest, CancellationToken cancel) => ApplyAsync(manifest, cancel);

    /// <summary>
    /// Applies changed listeners, limits, routes and services without dropping a connection: new listeners first (all or nothing, as
    /// <see cref="StartAsync"/>), then the routes in one step, then listeners that are gone are drained in the background.
    /// Limits hold for what comes from then on.
    /// </summary>
    public async Task ApplyAsync(ManifestSpec manifest, CancellationToken cancel)
    {
        var table = new RouteTable(manifest.Routes, service => new UpstreamSet(service));
        var proxies = new TrustedProxies(manifest.Edge.TrustedProxies);
        await _listeners.ApplyAsync(manifest.Edge, () => _pipeline.Apply(proxies, table), cancel);
    }

    /// <summary>Not ready any more, still serving; answers announce <c>Connection: close</c> (GOAWAY on HTTP/2).</summary>
    public void BecomeLameDuck()
    {
        Volatile.Write(ref _isLameDuck, true);
        _listeners.AnnounceClose();
    }

    /// <summary>Stops accepting, waits for what is in flight (at most <paramref name="limit"/>), then closes the rest. Completed and cut requests are returned.</summary>
    public async Task<DrainOutcome> StopAsync(TimeSpan limit, CancellationToken cancel)
    {
        BecomeLameDuck();
        var before = _pipeline.Completed;
        var cut = await _listeners.StopAsync(limit, () => _pipeline.InFlight, cancel);
        return new((int)(_pipeline.Completed - before) - cut, cut);
    }

    public EdgeStatus Status() =>
        new(_listeners.Urls, _listeners.AnyListening && !Volatile.Read(ref _isLameDuck), _listeners.Connections, _pipeline.Requests, 0, 0);

    public async ValueTask DisposeAsync() => await _listeners.DisposeAsync();
}
