using System.Net;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Listening;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Hedging;
using Mainstay.Edge.Forwarding.Http1;
using Mainstay.Edge.Forwarding.Http2;
using Mainstay.Edge.Identifying;
using Mainstay.Edge.Listening;
using Mainstay.Edge.RateLimiting;
using Mainstay.Edge.Routing;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Chance;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge;

/// <summary>The edge: listens, routes, balances, forwards. Configured from a manifest, exchanged piece by piece while running.</summary>
public sealed class EdgeServer : IAsyncDisposable
{
    private readonly EdgeEvents _events;
    private readonly Gates _gates;
    private readonly Upstreams _upstreams;
    private readonly RouteLimits _limits = new();
    private readonly RouteHedges _hedges = new();
    private readonly TimeProvider _time;
    private readonly RequestPipeline _pipeline;
    private readonly ListenerSet _listeners;
    private volatile bool _isLameDuck;

    /// <param name="sockets">Who keeps the listening sockets beyond this process.</param>
    /// <param name="time">The clock of everything inside.</param>
    /// <param name="logs">Where to log to.</param>
    /// <param name="seed">Of all choices by chance.</param>
    public EdgeServer(IListenSockets sockets, TimeProvider time, ILoggerFactory logs, int seed)
        : this(sockets, time, logs, seed, new AdmissionStep(time, new Forwarder(time, logs, seed).ForwardAsync).AdmitAsync)
    {
    }

    /// <summary>With a last step of the caller's instead of forwarding.</summary>
    internal EdgeServer(IListenSockets sockets, TimeProvider time, ILoggerFactory logs, int seed, Func<Exchange, ValueTask> forward)
    {
        var log = logs.CreateLogger("Mainstay.Edge");
        _time = time;
        _events = new(time, log);
        _gates = new(time, new Dice(seed), _events);
        _upstreams = new(time, logs, _events, seed, (endPoint, protocol) => protocol == UpstreamProtocol.H2c
            ? new Http2Client(endPoint, Authority(endPoint), Http2Options.Default)
            : new Http1Client(endPoint, Authority(endPoint), Http1Options.Default, time));
        _pipeline = new(forward, time, log);
        _listeners = new(_pipeline.HandleAsync, sockets, time, logs);
    }

    /// <summary>Requests that have come and are not over: one is a moment longer than its client waits for the answer.</summary>
    internal int InFlight => _pipeline.InFlight;

    /// <summary>Where the supervisor says which replicas may take traffic.</summary>
    public ITrafficSwitch Traffic => _upstreams;

    /// <summary>Binds every listener, or none: throws <see cref="ListenException"/> with one clear line.</summary>
    public Task StartAsync(ManifestSpec manifest, CancellationToken cancel) => ApplyAsync(manifest, cancel);

    /// <summary>
    /// Applies changed listeners, limits, routes and services without dropping a connection: new listeners first (all or nothing, as
    /// <see cref="StartAsync"/>), then the routes in one step, then listeners that are gone are drained in the background.
    /// Limits hold for what comes from then on.
    /// </summary>
    public Task ApplyAsync(ManifestSpec manifest, CancellationToken cancel)
    {
        return _listeners.ApplyAsync(manifest.Edge, ApplyTheRest, cancel);

        void ApplyTheRest()
        {
            _upstreams.Apply(manifest);
            _gates.Apply(manifest);
            _hedges.Apply(manifest);
            _limits.Begin();
            _pipeline.Apply(new TrustedProxies(manifest.Edge.TrustedProxies), new RouteTable(manifest.Routes, Route));
        }
    }

    /// <summary>Not ready any more, still serving; answers announce <c>Connection: close</c> (GOAWAY on HTTP/2).</summary>
    public void BecomeLameDuck()
    {
        _isLameDuck = true;
        _listeners.AnnounceClose();
    }

    /// <summary>
    /// Stops accepting, tells WebSockets and event streams to end, waits for what is in flight (at most <paramref name="limit"/>), then
    /// closes the rest. Completed and cut requests are returned; zero of both by a second call.
    /// </summary>
    public Task<DrainOutcome> StopAsync(TimeSpan limit, CancellationToken cancel) => EndAsync(_listeners.StopAsync, limit, cancel);

    /// <summary>
    /// Another core has taken over the same sockets: closes ours, leaves those who wait in the backlog to it, and serves the connections that
    /// are here until each has ended. Every answer announces the end, WebSockets and event streams are told to end; an idle connection goes with
    /// its next answer. What is left at <paramref name="limit"/>, or when cancelled, is cut. Completed and cut requests are returned; zero of both
    /// by a second call, and after <see cref="StopAsync"/>.
    /// </summary>
    public Task<DrainOutcome> LeaveAsync(TimeSpan limit, CancellationToken cancel) => EndAsync(_listeners.LeaveAsync, limit, cancel);

    /// <summary>
    /// Whether a request sent to a listener now, as a client would send it, is answered by the edge. Says nothing about the services behind.
    /// One call at a time; the caller cancels it when it takes too long.
    /// </summary>
    public Task<bool> AnswersAsync(CancellationToken cancel) => _listeners.AnswersAsync(cancel);

    public EdgeStatus Status()
    {
        var totals = _upstreams.Totals;
        var now = _time.Seconds();
        return new(
            _listeners.Urls,
            _listeners.AnyListening && !_isLameDuck,
            _listeners.Connections,
            // Another core on the same socket may have answered one of our own.
            Math.Max(0, _pipeline.Requests - _listeners.OwnRequests),
            totals.Retries,
            totals.Waiting,
            [.. _gates.Status().Select(route => _hedges.Complete(route, now))],
            _upstreams.StaticStatus(),
            _events.Latest);
    }

    private async Task<DrainOutcome> EndAsync(Func<TimeSpan, Func<int>, CancellationToken, Task<int>> end, TimeSpan limit, CancellationToken cancel)
    {
        BecomeLameDuck();
        var before = _pipeline.Completed;
        var ending = end(limit, () => InFlight, cancel);
        await _upstreams.TellAllToEndAsync(cancel);
        var cut = await ending;
        return new((int)Math.Max(0, _pipeline.Completed - before - cut), cut);
    }

    private Route Route(RouteSpec spec) => spec.Service is null
        ? new(spec, null) { Limit = _limits.Find(spec) }
        : new(spec, _upstreams.Find(spec.Service))
        {
            Limit = _limits.Find(spec),
            Admission = _gates.Find(spec),
            Fallback = Fallback.Read(spec, _events),
            Hedge = _hedges.Find(spec),
        };

    /// <summary>Cuts what is left. Sockets in someone's keeping stay there: only <see cref="StopAsync"/> and a changed manifest give them up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listeners.DisposeAsync();
        await _upstreams.DisposeAsync();
        _gates.Dispose();
    }

    private static string Authority(EndPoint endPoint) => endPoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endPoint.ToString()!;
}
