using Mainstay.Contracts.Control;
using Mainstay.Edge.Balancing;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>
/// The gate of every service, the gates of routes with a limit of their own, and each route's breaker. What has not changed in the manifest
/// goes on with all that it has learnt.
/// </summary>
internal sealed class Gates(TimeProvider time, Dice dice, EdgeEvents events) : IDisposable
{
    private static readonly BreakerPolicy Breaking = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gatekeeper> _services = new(StringComparer.Ordinal);
    private Dictionary<(string Service, string Route), RouteAdmission> _routes = [];

    /// <summary>The gates as the manifest wants them; call it before <see cref="Find"/>.</summary>
    public void Apply(ManifestSpec manifest)
    {
        lock (_lock)
        {
            var before = _routes;
            var after = new Dictionary<(string, string), RouteAdmission>();
            foreach (var spec in manifest.Routes)
            {
                if (spec.Service is null)
                    continue;
                var known = before.GetValueOrDefault(KeyOf(spec));
                after[KeyOf(spec)] = known is not null && known.Spec.Concurrency == spec.Concurrency ? known with { Spec = spec } : CreateLocked(spec, known);
            }
            foreach (var (key, admission) in before)
            {
                // Those who wait or are at work there end as they would have.
                if (admission.Share is { } share && (!after.TryGetValue(key, out var next) || next.Share != share))
                    admission.Keeper!.Gate.Remove(share);
            }
            foreach (var service in _services.Keys.Except(after.Keys.Select(key => key.Item1)).ToArray())
                _services.Remove(service);
            _routes = after;
        }
    }

    /// <summary>What the route's requests have to pass.</summary>
    public RouteAdmission? Find(RouteSpec spec)
    {
        lock (_lock)
            return _routes.GetValueOrDefault(KeyOf(spec));
    }

    /// <summary>Every route, as status shows it.</summary>
    public IReadOnlyList<RouteStatus> Status()
    {
        RouteAdmission[] routes;
        lock (_lock)
            routes = [.. _routes.Values];
        return [.. routes.Select(StatusOf)];
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var route in _routes.Values)
                route.Keeper?.Dispose();
            _routes = [];
            _services.Clear();
        }
    }

    private RouteAdmission CreateLocked(RouteSpec spec, RouteAdmission? known)
    {
        var keeper = spec.Concurrency.Mode switch
        {
            ConcurrencyMode.Off => null,
            ConcurrencyMode.Fixed => new Gatekeeper(AdmissionGate.Fixed(spec.Concurrency.Limit), spec.Display, time, events),
            _ => ServiceLocked(spec.Service!),
        };
        var share = keeper?.Gate.AddRoute(spec.Display, observe: spec.Concurrency.Mode == ConcurrencyMode.Observe);
        return new(spec, known?.Breaker ?? new CircuitBreaker(Breaking, dice), keeper, share, time, events);
    }

    private Gatekeeper ServiceLocked(string service)
    {
        if (!_services.TryGetValue(service, out var keeper))
            _services[service] = keeper = new(AdmissionGate.Adaptive(), service, time, events);
        return keeper;
    }

    private RouteStatus StatusOf(RouteAdmission route)
    {
        var now = time.Seconds();
        var breaker = route.Breaker.State(now);
        var gate = route.Keeper?.Gate.State(now);
        var share = route.Share;
        return new(
            route.Spec.Display,
            route.Spec.Service!,
            Word(route.Spec.Priority),
            Word(route.Spec.Concurrency.Mode),
            gate?.Limit,
            share?.InFlight ?? 0,
            share?.Queued ?? 0,
            share?.Shed ?? 0,
            share?.WouldShed ?? 0,
            Word(breaker.Mode),
            Reason(breaker, gate, now));
    }

    private static string? Reason(BreakerState breaker, GateState? gate, double now)
    {
        if (breaker.Mode != BreakerMode.Closed)
            return $"{breaker.FailuresInARow} failures in a row; open for {now - breaker.Since:0} s, {breaker.FailedTrials} trials failed, the next in {breaker.RetryAfter:0.0} s";
        return gate is { IsOverloaded: true } overloaded
            ? $"overloaded: it completes {overloaded.PerSecond:0} requests/s with {overloaded.InFlight} at work, more is refused"
            : null;
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value is BreakerMode.HalfOpen ? "trial" : value.ToString().ToLowerInvariant();

    private static (string Service, string Route) KeyOf(RouteSpec spec) => (spec.Service!, spec.Display);
}
