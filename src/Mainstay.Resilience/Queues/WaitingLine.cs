namespace Mainstay.Resilience.Queues;

/// <summary>The waiting of one route and priority, from the oldest to the newest. Linked through the tickets; not thread-safe: the gate's lock covers it.</summary>
internal sealed class WaitingLine
{
    public Ticket? Oldest { get; private set; }

    public Ticket? Newest { get; private set; }

    public int Count { get; private set; }

    public void Add(Ticket ticket)
    {
        ticket.Before = Newest;
        ticket.After = null;
        if (Newest is null)
            Oldest = ticket;
        else
            Newest.After = ticket;
        Newest = ticket;
        Count++;
    }

    public void Remove(Ticket ticket)
    {
        if (ticket.Before is null)
            Oldest = ticket.After;
        else
            ticket.Before.After = ticket.After;
        if (ticket.After is null)
            Newest = ticket.Before;
        else
            ticket.After.Before = ticket.Before;
        ticket.Before = ticket.After = null;
        Count--;
    }
}
