using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Hedging;
using Mainstay.Edge.Routing;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests.Fakes;

/// <summary>A forwarder with one service, <c>web</c>, whose replicas the test scripts; the clock is the test's.</summary>
internal sealed class ForwardingBench : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, IUpstreamClient> _clients = new();

    public ForwardingBench(TimeProvider? clock = null)
    {
        Clock = clock ?? Time;
        Events = new EdgeEvents(Clock, NullLogger.Instance);
        Upstreams = new Upstreams(Clock, NullLoggerFactory.Instance, Events, seed: 1, (endPoint, _) => _clients[((IPEndPoint)endPoint).Port]);
        Forwarder = new Forwarder(Clock, NullLoggerFactory.Instance, seed: 2);
        Upstreams.Apply(Manifests.Of(Service()));
    }

    public FakeTimeProvider Time { get; } = new();

    public TimeProvider Clock { get; }

    public EdgeEvents Events { get; }

    public Upstreams Upstreams { get; }

    public Forwarder Forwarder { get; }

    public UpstreamSet Set => Upstreams.Find("web")!;

    public RouteSpec Route { get; set; } = Manifests.Route("web");

    /// <summary>What the route's requests are hedged by; null: not at all.</summary>
    public RouteHedge? Hedge { get; set; }

    /// <summary>From now on the route's requests are hedged: nearly all of them were answered within so many seconds.</summary>
    public RouteHedge HedgeAfter(double seconds)
    {
        Hedge = new RouteHedge(new HedgeSpec(0.95, "p95"));
        Hedge.Record(seconds, Clock.Seconds() - 0.25);
        for (var i = 0; i < 30; i++)
            Hedge.Record(seconds, Clock.Seconds() - 0.25);
        Hedge.Record(seconds, Clock.Seconds());
        return Hedge;
    }

    public static ServiceSpec Service(string name = "web") => Manifests.Service(name);

    /// <summary>Replica <c>web-N</c> on port N.</summary>
    public T Admit<T>(int number, T client)
        where T : IUpstreamClient
    {
        _clients[number] = client;
        Upstreams.Admit(new ReplicaEndpoint("web", $"web-{number}", 1, number));
        return client;
    }

    /// <summary>The service is one that someone else runs, at these ports.</summary>
    public void RunElsewhere(params (int Number, IUpstreamClient Client)[] urls)
    {
        foreach (var (number, client) in urls)
            _clients[number] = client;
        Upstreams.Apply(Manifests.Of(Manifests.Service("web", [.. urls.Select(url => new Uri($"http://127.0.0.1:{url.Number}"))])));
    }

    public ForwardedExchange Request(string method = "GET", bool hasBody = false)
    {
        var exchange = new ForwardedExchange();
        exchange.Request.Method = method;
        exchange.Request.Target = "/";
        exchange.Request.HasBody = hasBody;
        exchange.Facts.RequestId = "test-1";
        exchange.Facts.Arrived = Clock.GetTimestamp();
        exchange.Facts.Timeout = Route.Timeout;
        exchange.Facts.Route = new Route(Route, Set) { Hedge = Hedge };
        return exchange;
    }

    public Task SendAsync(Exchange exchange) => Forwarder.ForwardAsync(exchange).AsTask();

    /// <summary>Sends 50 requests a second, which the clock follows; adds them to those <paramref name="sent"/>.</summary>
    public async Task SendSteadilyAsync(double seconds, List<Task> sent)
    {
        var beat = TimeSpan.FromMilliseconds(20);
        for (var i = 0; i < seconds * 50; i++)
        {
            sent.Add(SendAsync(Request()));
            await UntilAsync(Task.Delay(beat, Time), beat * 2);
        }
    }

    /// <summary>Moves the clock step by step until the work is done.</summary>
    public async Task UntilAsync(Task work, TimeSpan atMost)
    {
        for (var passed = TimeSpan.Zero; !work.IsCompleted && passed <= atMost; passed += TimeSpan.FromMilliseconds(10))
        {
            // Room for other threads before the clock goes on.
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
            if (work.IsCompleted)
                break;
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }
        await work.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Waits in real time for what other threads do.</summary>
    public static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
        }
    }

    public ValueTask DisposeAsync() => Upstreams.DisposeAsync();
}

internal static class Manifests
{
    public static ManifestSpec Of(params ServiceSpec[] services) => new(
        "test", "/", null,
        new EdgeSpec([], [], new EdgeLimitsSpec(30 << 20, 32 << 10, 10000, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(75)), TimeSpan.FromSeconds(1)),
        [.. services], [], []);

    public static RouteSpec Route(string service) => new(
        "/**", null, [], service, null, null,
        ImmutableSortedDictionary<string, string?>.Empty, ImmutableSortedDictionary<string, string?>.Empty,
        TimeSpan.FromSeconds(30), null, TimeSpan.FromSeconds(60), 2, ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"], 30 << 20,
        [], [], new ObjectiveSpec(0.999, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), 0);

    public static ServiceSpec Service(string name, params Uri[] urls) => new(
        name, urls.Length > 0 ? [] : ["true"], "/", new PortSpec(PortKind.Auto), 1, UpstreamProtocol.Http,
        ImmutableSortedDictionary<string, string>.Empty, null, new InheritSpec(InheritKind.All, []),
        new HealthSpec(null, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(30)),
        new StopSpec("SIGTERM", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10)), null,
        new DeploySpec([], null, [], TimeSpan.FromSeconds(3), true), [], [.. urls]);
}
