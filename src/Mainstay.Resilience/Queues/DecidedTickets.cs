namespace Mainstay.Resilience.Queues;

/// <summary>Those decided under a gate's lock, linked through themselves, to be told outside of it.</summary>
internal static class DecidedTickets
{
    /// <summary>The one who asks is answered directly.</summary>
    public static AdmissionAnswer Unlist(ref Ticket? decided, Ticket ticket)
    {
        if (decided == ticket)
        {
            decided = ticket.NextDecided;
        }
        else
        {
            var before = decided!;
            while (before.NextDecided != ticket)
                before = before.NextDecided!;
            before.NextDecided = ticket.NextDecided;
        }
        ticket.NextDecided = null;
        return ticket.Answer;
    }

    public static void Tell(Ticket? decided)
    {
        while (decided is not null)
        {
            var ticket = decided;
            decided = ticket.NextDecided; // once told, it may be at another gate
            ticket.NextDecided = null;
            ticket.Decided(ticket.Answer);
        }
    }
}
