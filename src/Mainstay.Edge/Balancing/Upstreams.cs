using System.Collections.Concurrent;
using System.Net;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Forwarding;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Chance;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Balancing;

/// <summary>Every service's upstreams, and the switch by which the supervisor says which of them may take traffic.</summary>
internal sealed class Upstreams : ITrafficSwitch, IAsyncDisposable
{
    /// <summary>WebSockets and event streams on a drained replica are told to end over this long, so that their clients do not all come back at once.</summary>
    private static readonly TimeSpan TellingTime = TimeSpan.FromSeconds(1);

    private const int Steps = 20;

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly EdgeEvents _events;
    private readonly Dice _dice;
    private readonly Func<EndPoint, UpstreamProtocol, IUpstreamClient> _connect;
    private readonly ConcurrentDictionary<string, Service> _services = new(StringComparer.Ordinal);
    private readonly UpstreamWatch _watch;
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _closing = [];
    private UpstreamTotals _gone;
    private bool _isEnding;

    /// <param name="time">The clock.</param>
    /// <param name="logs">Where to log to.</param>
    /// <param name="events">Where changes are told.</param>
    /// <param name="seed">Of all choices by chance.</param>
    /// <param name="connect">Makes the client that speaks to one upstream.</param>
    public Upstreams(TimeProvider time, ILoggerFactory logs, EdgeEvents events, int seed, Func<EndPoint, UpstreamProtocol, IUpstreamClient> connect)
    {
        _time = time;
        _log = logs.CreateLogger("Mainstay.Edge.Balancing");
        _events = events;
        _dice = new Dice(seed);
        _connect = connect;
        _watch = new UpstreamWatch(() => _services.Values.Select(service => service.Set), time, _log);
    }

    /// <summary>Of all services, since the start.</summary>
    public UpstreamTotals Totals
    {
        get
        {
            UpstreamTotals sum;
            lock (_gate)
                sum = _gone;
            foreach (var service in _services.Values)
                sum += service.Set.Totals;
            return sum;
        }
    }

    /// <summary>The service's upstreams; null for one that is not in the manifest or has no port.</summary>
    public UpstreamSet? Find(string service) => _services.TryGetValue(service, out var found) ? found.Set : null;

    /// <summary>Takes over the manifest's services; what is live stays untouched. Services that are gone end with their last replica.</summary>
    public void Apply(ManifestSpec manifest)
    {
        lock (_gate)
        {
            foreach (var spec in manifest.Services)
            {
                if (!spec.HasPort)
                    continue;
                var service = _services.GetOrAdd(spec.Name, Create);
                if (service.Protocol != spec.Protocol)
                    ForgetUrlsLocked(service);
                service.Protocol = spec.Protocol;
                if (!service.IsKnown)
                    AddAgainLocked(service);
                service.IsKnown = true;
                service.IsListed = true;
                ApplyUrlsLocked(service, spec);
            }
            foreach (var service in _services.Values)
            {
                var spec = manifest.FindService(service.Set.Service);
                if (spec is { HasPort: true })
                    continue;
                service.IsListed = false;
                ForgetUrlsLocked(service);
                DropIfGoneLocked(service);
            }
        }
    }

    public void Admit(ReplicaEndpoint replica)
    {
        lock (_gate)
        {
            var service = _services.GetOrAdd(replica.Service, Create);
            var endPoint = new IPEndPoint(IPAddress.Loopback, replica.Port);
            if (service.Members.TryGetValue(replica.Replica, out var known))
            {
                if (known.EndPoint.Equals(endPoint))
                {
                    // A late probe must not revive a replica that is on its way out.
                    if (!known.IsDraining)
                        ServeLocked(service, known);
                    return;
                }
                ForgetLocked(service, known);
            }
            ServeLocked(service, AddLocked(service, replica.Replica, endPoint, isStatic: false));
        }
    }

    public void Suspend(string service, string replica)
    {
        lock (_gate)
        {
            if (Member(service, replica) is { } found)
                StopLocked(found.Service, found.Upstream, draining: false);
        }
    }

    public async Task<DrainOutcome> DrainAsync(string service, string replica, TimeSpan limit, CancellationToken cancel)
    {
        Upstream upstream;
        long ended;
        lock (_gate)
        {
            if (Member(service, replica) is not { } found)
                return default;
            upstream = found.Upstream;
            ended = upstream.Ended;
            StopLocked(found.Service, upstream, draining: true);
        }
        var idle = upstream.WhenIdleAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var telling = TellToEndAsync(upstream, over.Token);
        int cut = 0, completed = 0;
        try
        {
            await idle.WaitAsync(limit, _time, cancel);
            completed = (int)(upstream.Ended - ended);
        }
        catch (TimeoutException)
        {
            completed = (int)(upstream.Ended - ended);
            foreach (var (flight, turn) in upstream.Flights(onlyThoseThatEndOnDrain: false))
            {
                cut++;
                flight.Cut(turn, CutCause.DrainLimit);
            }
        }
        finally
        {
            await over.CancelAsync();
            await telling;
        }
        var outcome = new DrainOutcome(completed, cut);
        _log.Drained(upstream.Name, outcome.Completed, outcome.Cut);
        return outcome;
    }

    public void Remove(string service, string replica)
    {
        lock (_gate)
        {
            if (Member(service, replica) is { } found)
            {
                ForgetLocked(found.Service, found.Upstream);
                DropIfGoneLocked(found.Service);
            }
        }
    }

    public IDisposable Hold(string service) => _services.GetOrAdd(service, Create).Set.Room.Hold();

    public ReplicaTraffic Observe(string service, string replica)
    {
        lock (_gate)
        {
            if (Member(service, replica) is not { } found)
                return default;
            var upstream = found.Upstream;
            return new ReplicaTraffic(upstream.InFlight, upstream.IsEjected, BalancingLog.Clause(upstream.EjectedFor), upstream.Requests);
        }
    }

    /// <summary>The upstreams of services that someone else runs.</summary>
    public IReadOnlyList<UpstreamStatus> StaticStatus()
    {
        lock (_gate)
            return [.. _services.Values.SelectMany(service => service.Members.Values.Where(upstream => upstream.IsStatic).Select(upstream => StatusOf(service, upstream)))];
    }

    private UpstreamStatus StatusOf(Service service, Upstream upstream)
    {
        var breaker = upstream.Breaker!.State(_time.Seconds());
        var (state, reason) = breaker.Mode != BreakerMode.Closed
            ? ("unreachable", $"{breaker.FailuresInARow} connections in a row could not be made; {breaker.FailedTrials} trials failed, the next in {breaker.RetryAfter:0.0} s")
            : (upstream.IsEjected ? "ejected" : "ready", BalancingLog.Clause(upstream.EjectedFor));
        return new(service.Set.Service, upstream.Name, state, upstream.InFlight, reason);
    }

    /// <summary>The edge is about to stop: WebSockets and event streams are told to end on every upstream, as on one that is drained.</summary>
    public Task TellAllToEndAsync(CancellationToken cancel)
    {
        Upstream[] all;
        lock (_gate)
        {
            _isEnding = true;
            all = [.. _services.Values.SelectMany(service => service.Members.Values)];
        }
        foreach (var upstream in all)
            upstream.BeginEnding();
        return Task.WhenAll(all.Select(upstream => TellToEndAsync(upstream, cancel)));
    }

    /// <summary>Cuts what is in flight and closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Upstream> all = [];
        lock (_gate)
        {
            foreach (var service in _services.Values)
            {
                foreach (var upstream in service.Members.Values.ToArray())
                {
                    all.Add(upstream);
                    ForgetLocked(service, upstream);
                }
            }
        }
        foreach (var upstream in all)
        {
            foreach (var (flight, turn) in upstream.Flights(onlyThoseThatEndOnDrain: false))
                flight.Cut(turn, CutCause.DrainLimit);
        }
        while (true)
        {
            Task[] closing;
            lock (_gate)
                closing = [.. _closing];
            if (closing.Length == 0)
                break;
            await Task.WhenAll(closing);
        }
        _watch.Dispose();
    }

    private async Task TellToEndAsync(Upstream upstream, CancellationToken cancel)
    {
        var told = upstream.Flights(onlyThoseThatEndOnDrain: true);
        for (var step = 0; step < Steps && told.Count > 0; step++)
        {
            if (step > 0)
            {
                await Task.Delay(TellingTime / Steps, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancel.IsCancellationRequested)
                    return;
            }
            // The first at once, the last within the telling time.
            for (var i = Share(told.Count, step); i < Share(told.Count, step + 1); i++)
                told[i].Flight.TellToEnd(told[i].Turn);
        }
    }

    private static int Share(int count, int step) => (int)((((long)count * step) + Steps - 1) / Steps);

    private Service Create(string name)
    {
        var set = new UpstreamSet(name, _time, _dice, _events) { Watch = WakeWatch };
        return new Service(set);
    }

    private void WakeWatch() => _watch.Wake();

    private (Service Service, Upstream Upstream)? Member(string service, string replica) =>
        _services.TryGetValue(service, out var known) && known.Members.TryGetValue(replica, out var upstream) ? (known, upstream) : null;

    private void ApplyUrlsLocked(Service service, ServiceSpec spec)
    {
        var wanted = new Dictionary<string, EndPoint>(StringComparer.Ordinal);
        foreach (var url in spec.IsExternal ? spec.Urls : [])
        {
            wanted[url.Authority] = IPAddress.TryParse(url.DnsSafeHost, out var address)
                ? new IPEndPoint(address, url.Port)
                : new DnsEndPoint(url.DnsSafeHost, url.Port);
        }
        foreach (var upstream in service.Members.Values.Where(upstream => upstream.IsStatic && !wanted.ContainsKey(upstream.Name)).ToArray())
            ForgetLocked(service, upstream);
        foreach (var (name, endPoint) in wanted)
        {
            if (!service.Members.ContainsKey(name))
                ServeLocked(service, AddLocked(service, name, endPoint, isStatic: true));
        }
    }

    private void ForgetUrlsLocked(Service service)
    {
        foreach (var upstream in service.Members.Values.Where(upstream => upstream.IsStatic).ToArray())
            ForgetLocked(service, upstream);
    }

    private Upstream AddLocked(Service service, string name, EndPoint endPoint, bool isStatic)
    {
        var upstream = new Upstream(name, endPoint, _connect(endPoint, service.Protocol), _time.Seconds(), isStatic ? new(name, _dice, _events) : null);
        // A request may have waited for just this replica, and begin a stream on it.
        if (_isEnding)
            upstream.BeginEnding();
        service.Members[name] = upstream;
        return upstream;
    }

    /// <summary>Replicas that were admitted before a manifest said how to speak to them. Nothing was sent to them yet.</summary>
    private void AddAgainLocked(Service service)
    {
        foreach (var early in service.Members.Values.ToArray())
        {
            var serves = service.Set.Serving.Contains(early);
            ForgetLocked(service, early);
            var upstream = AddLocked(service, early.Name, early.EndPoint, isStatic: false);
            if (serves)
                ServeLocked(service, upstream);
            else
                StopLocked(service, upstream, early.IsDraining);
        }
    }

    private void ServeLocked(Service service, Upstream upstream)
    {
        upstream.Open(_time.Seconds());
        service.Set.Add(upstream);
    }

    private static void StopLocked(Service service, Upstream upstream, bool draining)
    {
        service.Set.Take(upstream);
        upstream.Close(draining);
    }

    private void ForgetLocked(Service service, Upstream upstream)
    {
        StopLocked(service, upstream, draining: false);
        service.Members.Remove(upstream.Name);
        upstream.BeGone();
        var closing = CloseAsync(upstream);
        if (closing.IsCompleted)
            return;
        _closing.Add(closing);
        _ = closing.ContinueWith(Closed, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Closed(Task closing)
    {
        lock (_gate)
            _closing.Remove(closing);
    }

    private async Task CloseAsync(Upstream upstream)
    {
        try
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller holds the lock
            upstream.Client.Retire();
            await upstream.WhenIdleAsync();
            await upstream.Client.DisposeAsync();
        }
        catch (Exception exception)
        {
            _log.CloseFailed(upstream.Name, exception.Message);
        }
    }

    private void DropIfGoneLocked(Service service)
    {
        if (service.IsListed || service.Members.Count > 0 || service.Set.Room.IsHeld)
            return;
        if (_services.TryRemove(service.Set.Service, out _))
            _gone += service.Set.Totals with { Waiting = 0 };
    }

    private sealed class Service(UpstreamSet set)
    {
        public UpstreamSet Set { get; } = set;

        public UpstreamProtocol Protocol { get; set; }

        /// <summary>A manifest has said what it speaks.</summary>
        public bool IsKnown { get; set; }

        /// <summary>In the manifest as it is now, or admitted before any was applied.</summary>
        public bool IsListed { get; set; } = true;

        public Dictionary<string, Upstream> Members { get; } = new(StringComparer.Ordinal);
    }
}
