namespace Mainstay.Edge.Routing;

/// <summary>One place in the tree of path patterns: what may come next, and the routes whose pattern ends here.</summary>
internal sealed class RouteNode
{
    private readonly List<(string Literal, RouteNode Next)> _literals = [];
    private readonly List<Route> _ending = [];
    private readonly List<Route> _rest = [];
    private RouteNode? _any;

    public void Add(Route route, ReadOnlySpan<string> pattern)
    {
        if (pattern.IsEmpty)
            Insert(_ending, route);
        else if (pattern[0] == "**")
            Insert(_rest, route);
        else if (pattern[0] == "*")
            (_any ??= new()).Add(route, pattern[1..]);
        else
            NextFor(RequestPath.Literal(pattern[0])).Add(route, pattern[1..]);
    }

    /// <summary>
    /// The most specific route for what is left of a path: literal segments over <c>*</c> over <c>**</c>, from left to right.
    /// </summary>
    /// <param name="path">Without its leading slash; repeated slashes count as one.</param>
    /// <param name="method">Decides between routes of the same pattern.</param>
    /// <param name="allowed">Collects the methods of routes that match but for their method.</param>
    public Route? Find(ReadOnlySpan<char> path, bool ended, string method, ref List<Route>? allowed)
    {
        if (ended)
            return Pick(_ending, method, ref allowed) ?? Pick(_rest, method, ref allowed);
        var slash = path.IndexOf('/');
        var segment = slash < 0 ? path : path[..slash];
        var after = slash < 0 ? default : path[(slash + 1)..].TrimStart('/');
        foreach (var (literal, next) in _literals)
        {
            if (RequestPath.SegmentEquals(segment, literal))
            {
                if (next.Find(after, slash < 0, method, ref allowed) is { } found)
                    return found;
                break;
            }
        }
        if (segment.Length > 0 && _any?.Find(after, slash < 0, method, ref allowed) is { } any)
            return any;
        return Pick(_rest, method, ref allowed);
    }

    private static Route? Pick(List<Route> routes, string method, ref List<Route>? allowed)
    {
        foreach (var route in routes)
        {
            if (route.Allows(method))
                return route;
            (allowed ??= []).Add(route);
        }
        return null;
    }

    /// <summary>Routes that name fewer methods come first, those that take any last; equals keep the order of the manifest.</summary>
    private static void Insert(List<Route> routes, Route route)
    {
        var at = routes.FindIndex(other => route.MethodRank < other.MethodRank);
        routes.Insert(at < 0 ? routes.Count : at, route);
    }

    private RouteNode NextFor(string literal)
    {
        foreach (var (known, next) in _literals)
        {
            if (known == literal)
                return next;
        }
        var added = new RouteNode();
        _literals.Add((literal, added));
        return added;
    }
}
