namespace Mainstay.Edge.Balancing;

/// <summary>What is in flight on one upstream, in the order in which it began; linked through the flights, so that it allocates nothing. Not thread-safe.</summary>
internal sealed class FlightList
{
    private Flight? _newest;

    /// <summary>The others follow by <see cref="Flight.After"/>.</summary>
    public Flight? Oldest { get; private set; }

    public void Append(Flight flight)
    {
        flight.Before = _newest;
        flight.After = null;
        if (_newest is null)
            Oldest = flight;
        else
            _newest.After = flight;
        _newest = flight;
    }

    /// <summary>It must be in this list.</summary>
    public void Remove(Flight flight)
    {
        if (flight.Before is null)
            Oldest = flight.After;
        else
            flight.Before.After = flight.After;
        if (flight.After is null)
            _newest = flight.Before;
        else
            flight.After.Before = flight.Before;
        flight.Before = flight.After = null;
    }
}
