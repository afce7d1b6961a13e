namespace Mainstay.Resilience.Queues;

/// <summary>
/// Work that nobody waits for any more, but that the service may still be doing: an application that ignores cancellation is not free at
/// once. Bounded; in the order in which they came, which is nearly the order in which they end. Not thread-safe.
/// </summary>
internal sealed class GhostWork(int most)
{
    private readonly Queue<(double Until, RouteShare Route)> _ghosts = new(16);

    public int Count => _ghosts.Count;

    /// <summary>Seconds for which the service may still be at it. Little's law: with so many at work and so many completed per second, each takes so long.</summary>
    public static double Rest(double age, int inFlight, double perSecond) => (perSecond > 0 ? inFlight / perSecond : 2 * age) - age;

    public bool TryAdd(double until, RouteShare route)
    {
        if (_ghosts.Count >= most)
            return false;
        _ghosts.Enqueue((until, route));
        return true;
    }

    /// <summary>The next one whose time has come, or null.</summary>
    public RouteShare? TryEnd(double now)
    {
        if (!_ghosts.TryPeek(out var ghost) || ghost.Until > now)
            return null;
        return _ghosts.Dequeue().Route;
    }
}
