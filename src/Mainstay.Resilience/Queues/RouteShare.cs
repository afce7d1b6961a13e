namespace Mainstay.Resilience.Queues;

/// <summary>One route's part in a gate: who waits, how many are at work, and what its requests usually take. Guarded by the gate.</summary>
public sealed class RouteShare
{
    /// <summary>Weight of a new sample.</summary>
    private const double Smoothing = 0.02;

    /// <summary>By so much the memory of the quickest grows with every sample.</summary>
    private const double Forgetting = 1.05;

    /// <summary>Who waits, by priority.</summary>
    private readonly Line<Ticket>[] _lines = [new(), new(), new()];

    internal RouteShare(string name, bool isObserved)
    {
        Name = name;
        IsObserved = isObserved;
    }

    /// <summary>How status names the route.</summary>
    public string Name { get; }

    /// <summary>Nothing of it is refused; what would have been is counted.</summary>
    public bool IsObserved { get; }

    /// <summary>Requests at work now.</summary>
    public int InFlight { get; internal set; }

    /// <summary>Requests waiting now.</summary>
    public int Queued { get; private set; }

    /// <summary>Requests let in since the start.</summary>
    public long Admitted { get; internal set; }

    /// <summary>Requests refused since the start.</summary>
    public long Shed { get; internal set; }

    /// <summary>Requests that would have been refused if the route were not only observed.</summary>
    public long WouldShed { get; internal set; }

    /// <summary>What its requests usually take, in seconds; 0 before the first sample.</summary>
    public double Usual { get; private set; }

    /// <summary>What the quickest of its last few dozen requests took, in seconds; 0 before the first sample.</summary>
    internal double Quickest { get; private set; }

    /// <summary>Gone once nothing of it is left.</summary>
    internal bool IsLeaving { get; set; }

    internal bool IsActive => InFlight > 0 || Queued > 0;

    internal Ticket? Oldest(Priority priority) => _lines[(int)priority].Oldest;

    internal Ticket? Newest(Priority priority) => _lines[(int)priority].Newest;

    internal bool Waits(Priority priority) => _lines[(int)priority].Oldest is not null;

    internal void Add(Ticket ticket)
    {
        _lines[(int)ticket.Priority].Add(ticket);
        Queued++;
    }

    internal void Remove(Ticket ticket)
    {
        _lines[(int)ticket.Priority].Remove(ticket);
        Queued--;
    }

    /// <summary>At least one of its requests was answered: a route that only hangs says nothing about the others.</summary>
    internal bool HasCompleted { get; private set; }

    /// <summary>What one of its requests counts, beside the service's others: 1 if it takes as long as they do at the same time.</summary>
    internal double Weight { get; private set; } = 1;

    /// <param name="latency">What a request took; seconds.</param>
    /// <param name="recent">What the service's requests took of late; seconds.</param>
    internal void Complete(double latency, double recent)
    {
        HasCompleted = true;
        Learn(latency);
        Quickest = Quickest == 0 ? latency : Math.Min(latency, Quickest * Forgetting);
        if (recent > 0)
            Weight += Smoothing * (Math.Clamp(latency / recent, 0.01, 100) - Weight);
    }

    internal void Learn(double latency) => Usual = Usual == 0 ? latency : Usual + (Smoothing * (latency - Usual));
}
