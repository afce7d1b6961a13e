namespace Mainstay.Resilience.Queues;

/// <summary>Everybody who waits at a gate, by priority and route. Not thread-safe: the gate's lock covers it.</summary>
internal sealed class AdmissionQueue
{
    public RouteShare[] Routes { get; private set; } = [];

    public int Count { get; private set; }

    /// <summary>Before this nobody's time is up; monotonic seconds.</summary>
    public double FirstLate { get; set; } = double.PositiveInfinity;

    public void Add(RouteShare route) => Routes = [.. Routes, route];

    /// <summary>Routes that were removed and of which nothing is left.</summary>
    public void Forget()
    {
        foreach (var route in Routes)
        {
            if (route is { IsLeaving: true, IsActive: false })
            {
                Routes = Array.FindAll(Routes, known => !known.IsLeaving || known.IsActive);
                return;
            }
        }
    }

    public void Add(Ticket ticket)
    {
        // A request may come by a route that it found just before it was removed: whoever waits must be seen, or the others never move again.
        if (ticket.Route!.IsLeaving && Array.IndexOf(Routes, ticket.Route) < 0)
            Add(ticket.Route);
        ticket.Route.Add(ticket);
        FirstLate = Math.Min(FirstLate, ticket.Latest);
        Count++;
    }

    public void Remove(Ticket ticket)
    {
        ticket.Route!.Remove(ticket);
        Count--;
    }

    /// <summary>Whether somebody more important waits.</summary>
    public bool WaitsBefore(Priority priority)
    {
        if (Count == 0)
            return false;
        foreach (var route in Routes)
        {
            for (var higher = Priority.Critical; higher < priority; higher++)
            {
                if (route.Waits(higher))
                    return true;
            }
        }
        return false;
    }

    /// <summary>What requests of the slowest route that waits usually take; 0 if nobody waits, infinity if none of it was ever completed.</summary>
    public double SlowestWaiting()
    {
        if (Count == 0)
            return 0;
        var slowest = 0.0;
        foreach (var route in Routes)
        {
            if (route.Queued > 0)
                slowest = Math.Max(slowest, route.HasCompleted ? route.Usual : double.PositiveInfinity);
        }
        return slowest;
    }

    /// <summary>Other routes that wait or are at work.</summary>
    public int ActiveBeside(RouteShare route)
    {
        var active = 0;
        foreach (var other in Routes)
            active += other != route && other.IsActive ? 1 : 0;
        return active;
    }

    /// <summary>Who is let in next: the most important class, of it the route with the least at work, of it the oldest, or the newest.</summary>
    public Ticket? Next(bool newestFirst)
    {
        for (var priority = Priority.Critical; priority <= Priority.Sheddable; priority++)
        {
            RouteShare? best = null;
            foreach (var route in Routes)
            {
                if (route.Waits(priority) && (best is null || IsBefore(route, best, priority)))
                    best = route;
            }
            if (best is not null)
                return newestFirst ? best.Newest(priority) : best.Oldest(priority);
        }
        return null;
    }

    /// <summary>Who of the route is let in next.</summary>
    public static Ticket? Next(RouteShare route, bool newestFirst)
    {
        for (var priority = Priority.Critical; priority <= Priority.Sheddable; priority++)
        {
            if (route.Waits(priority))
                return newestFirst ? route.Newest(priority) : route.Oldest(priority);
        }
        return null;
    }

    /// <summary>Who is refused first: the oldest of the least important class.</summary>
    public Ticket? Victim()
    {
        for (var priority = Priority.Sheddable; priority >= Priority.Critical; priority--)
        {
            if (Oldest(priority) is { } oldest)
                return oldest;
        }
        return null;
    }

    /// <summary>Somebody who has waited since then or longer; the critical have more patience.</summary>
    public Ticket? WaitedSince(double since)
    {
        for (var priority = Priority.Sheddable; priority > Priority.Critical; priority--)
        {
            if (Oldest(priority) is { } oldest && oldest.Came <= since)
                return oldest;
        }
        return null;
    }

    private Ticket? Oldest(Priority priority)
    {
        Ticket? oldest = null;
        foreach (var route in Routes)
        {
            if (route.Oldest(priority) is { } candidate && (oldest is null || candidate.Came < oldest.Came))
                oldest = candidate;
        }
        return oldest;
    }

    private static bool IsBefore(RouteShare route, RouteShare other, Priority priority) =>
        route.InFlight < other.InFlight || (route.InFlight == other.InFlight && route.Oldest(priority)!.Came < other.Oldest(priority)!.Came);
}
