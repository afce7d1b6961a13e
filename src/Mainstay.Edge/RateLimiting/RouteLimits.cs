using Mainstay.Manifest.Model;

namespace Mainstay.Edge.RateLimiting;

/// <summary>The limits of all routes. An apply keeps those that stay as they are: a deploy fills nobody's bucket. Called by one at a time.</summary>
internal sealed class RouteLimits
{
    private Dictionary<(string Route, RateLimitSpec Spec), RouteLimit> _limits = [];
    private Dictionary<(string Route, RateLimitSpec Spec), RouteLimit> _before = [];

    /// <summary>A new set of routes follows.</summary>
    public void Begin() => (_before, _limits) = (_limits, []);

    /// <summary>The limit of a route; null if it has none.</summary>
    public RouteLimit? Find(RouteSpec route)
    {
        if (route.RateLimit is not { } spec)
            return null;
        var key = (route.Display, spec);
        if (!_limits.TryGetValue(key, out var limit))
            _limits[key] = limit = _before.GetValueOrDefault(key) ?? new(spec);
        return limit;
    }
}
