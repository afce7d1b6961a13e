using Mainstay.Manifest.Model;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>
/// The gate of every service, the gates of routes with a limit of their own, and each route's part in them. What has not changed in the
/// manifest goes on with all that it has learnt.
/// </summary>
internal sealed class Gates(TimeProvider time, EdgeEvents events) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gatekeeper> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Service, string Route), Member> _members = [];

    /// <summary>The gates as the manifest wants them; call it before <see cref="Find"/>.</summary>
    public void Apply(ManifestSpec manifest)
    {
        lock (_lock)
        {
            var wanted = manifest.Routes.Where(route => route.Service is not null).ToDictionary(KeyOf);
            foreach (var (key, member) in _members.ToArray())
            {
                if (wanted.TryGetValue(key, out var spec) && spec.Concurrency == member.Spec.Concurrency)
                    continue;
                // Those who still wait in it are decided all the same.
                member.Keeper.Gate.Remove(member.Share);
                _members.Remove(key);
            }
            foreach (var (key, spec) in wanted)
            {
                if (spec.Concurrency.Mode == ConcurrencyMode.Off)
                    continue;
                _members[key] = _members.TryGetValue(key, out var known) ? known with { Spec = spec } : AddLocked(spec);
            }
            foreach (var service in _services.Keys.Except(_members.Keys.Select(key => key.Service)).ToArray())
                _services.Remove(service);
        }
    }

    /// <summary>What the route's requests have to pass; null with <c>concurrency: off</c>.</summary>
    public RouteAdmission? Find(RouteSpec spec)
    {
        lock (_lock)
            return _members.TryGetValue(KeyOf(spec), out var member) ? new(member.Keeper, member.Share, PriorityOf(spec)) : null;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var member in _members.Values)
                member.Keeper.Dispose();
            _members.Clear();
            _services.Clear();
        }
    }

    private Member AddLocked(RouteSpec spec)
    {
        var keeper = spec.Concurrency.Mode == ConcurrencyMode.Fixed
            ? new Gatekeeper(AdmissionGate.Fixed(spec.Concurrency.Limit), spec.Display, time, events)
            : ServiceLocked(spec.Service!);
        return new(spec, keeper, keeper.Gate.AddRoute(spec.Display, observe: spec.Concurrency.Mode == ConcurrencyMode.Observe));
    }

    private Gatekeeper ServiceLocked(string service)
    {
        if (!_services.TryGetValue(service, out var keeper))
            _services[service] = keeper = new(AdmissionGate.Adaptive(), service, time, events);
        return keeper;
    }

    private static Priority PriorityOf(RouteSpec spec) => spec.Priority switch
    {
        RoutePriority.Critical => Priority.Critical,
        RoutePriority.Sheddable => Priority.Sheddable,
        _ => Priority.Normal,
    };

    private static (string Service, string Route) KeyOf(RouteSpec spec) => (spec.Service!, spec.Display);

    private sealed record Member(RouteSpec Spec, Gatekeeper Keeper, RouteShare Share);
}
