using Mainstay.Contracts.Control;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Forwarding.Hedging;

/// <summary>The hedges of all routes. An apply keeps what those know that stay as they are. Applied by one at a time; status by anyone.</summary>
internal sealed class RouteHedges
{
    private volatile Dictionary<(string Service, string Route), (HedgeSpec Spec, RouteHedge Hedge)> _hedges = [];

    /// <summary>The hedges as the manifest wants them; call it before they are looked for.</summary>
    public void Apply(ManifestSpec manifest)
    {
        var before = _hedges;
        var after = new Dictionary<(string, string), (HedgeSpec, RouteHedge)>();
        foreach (var route in manifest.Routes)
        {
            if (route.Hedge is not { } spec || route.Service is null)
                continue;
            var key = (route.Service, route.Display);
            after[key] = before.TryGetValue(key, out var known) && known.Spec == spec ? known : (spec, new(spec));
        }
        _hedges = after;
    }

    /// <summary>The hedge of a route; null if it has none.</summary>
    public RouteHedge? Find(RouteSpec route) => Find(route.Service!, route.Display);

    /// <summary>What status says of a route, with its hedge, if it has one.</summary>
    public RouteStatus Complete(RouteStatus route, double now) =>
        Find(route.Service, route.Route) is { } hedge ? route with { Hedge = hedge.Status(now) } : route;

    private RouteHedge? Find(string service, string route) => _hedges.TryGetValue((service, route), out var known) ? known.Hedge : null;
}
