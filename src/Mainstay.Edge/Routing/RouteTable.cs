using System.Collections.Frozen;
using System.Collections.Immutable;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Routing;

/// <summary>What a request led to: a route, or the methods that would have matched (405), or nothing (404).</summary>
/// <param name="Route">Null if nothing matches.</param>
/// <param name="Allow">For a 405: the value of Allow; null: no route has this path.</param>
internal readonly record struct RouteMatch(Route? Route, string? Allow);

/// <summary>
/// All routes of a manifest; immutable, exchanged as a whole. The most specific route wins, whatever the order of the manifest:
/// an exact host over <c>*.name</c> (the longer first) over none, then the path, segment by segment from the left, a literal over
/// <c>*</c> over <c>**</c>, then the route that names the method over one that takes any. A route whose method does not fit is
/// passed over for the next one that fits.
/// </summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, RouteNode> _hosts;
    private readonly FrozenDictionary<string, RouteNode>.AlternateLookup<ReadOnlySpan<char>> _byHost;
    private readonly ImmutableArray<(string Suffix, RouteNode Node)> _wildcards;
    private readonly RouteNode? _any;

    /// <param name="routes">In the order of the manifest.</param>
    /// <param name="make">Puts together what a route needs at work.</param>
    public RouteTable(ImmutableArray<RouteSpec> routes, Func<RouteSpec, Route> make)
    {
        var hosts = new Dictionary<string, RouteNode>(StringComparer.OrdinalIgnoreCase);
        foreach (var spec in routes)
        {
            var host = spec.Host ?? "";
            if (!hosts.TryGetValue(host, out var node))
                hosts[host] = node = new();
            node.Add(make(spec), Segments(spec.Path));
        }
        hosts.Remove("", out _any);
        _wildcards = [.. hosts.Where(host => host.Key.StartsWith("*.", StringComparison.Ordinal))
            .Select(host => (host.Key[1..], host.Value)).OrderByDescending(host => host.Item1.Length)];
        _hosts = hosts.Where(host => host.Key[0] != '*').ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _byHost = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static RouteTable Empty { get; } = new([], _ => throw new InvalidOperationException("There is no route."));

    /// <param name="host">As the client wrote it, with or without a port.</param>
    /// <param name="path">Starts with a slash; without dot segments and query.</param>
    /// <param name="method">As the client wrote it.</param>
    public RouteMatch Find(ReadOnlySpan<char> host, ReadOnlySpan<char> path, string method)
    {
        List<Route>? allowed = null;
        var rest = path.TrimStart('/');
        var ended = rest.IsEmpty;
        var found = default(Route);
        if (_hosts.Count > 0 || !_wildcards.IsEmpty)
        {
            var name = WithoutPort(host);
            if (_byHost.TryGetValue(name, out var exact))
                found = exact.Find(rest, ended, method, ref allowed);
            for (var i = 0; found is null && i < _wildcards.Length; i++)
            {
                if (name.Length > _wildcards[i].Suffix.Length && name.EndsWith(_wildcards[i].Suffix, StringComparison.OrdinalIgnoreCase))
                    found = _wildcards[i].Node.Find(rest, ended, method, ref allowed);
            }
        }
        found ??= _any?.Find(rest, ended, method, ref allowed);
        return new(found, found is null && allowed is not null ? Allow(allowed) : null);
    }

    private static string Allow(List<Route> routes) =>
        string.Join(", ", routes.SelectMany(route => route.Spec.Methods).Distinct().Order(StringComparer.Ordinal));

    private static string[] Segments(string pattern)
    {
        var segments = pattern.TrimStart('/');
        return segments.Length == 0 ? [] : segments.Split('/');
    }

    /// <summary>Without its port and without the dot of a fully qualified name.</summary>
    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        if (host.LastIndexOf(':') is var colon and >= 0 && host[(colon + 1)..].IndexOf(']') < 0)
            host = host[..colon];
        return host.EndsWith(".") ? host[..^1] : host;
    }
}
