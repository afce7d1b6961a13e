namespace Mainstay.Resilience.Queues;

/// <summary>A request at a gate. The caller owns it and uses it again for the next one; the gate keeps its own notes in it.</summary>
public abstract class Ticket : Linked<Ticket>
{
    internal enum Stage
    {
        Outside,
        Waiting,
        AtWork,
        Lent,
        Beyond,
    }

    internal Ticket? NextDecided { get; set; }

    internal RouteShare? Route { get; set; }

    internal Priority Priority { get; set; }

    internal Stage Where { get; set; }

    internal AdmissionAnswer Answer { get; set; }

    internal double Came { get; set; }

    /// <summary>When it has to be let in at the latest to be answered in time.</summary>
    internal double Latest { get; set; }

    internal double Admitted { get; set; }

    /// <summary>When it had its place from: since it was admitted, or since it came back from having lent it.</summary>
    internal double Took { get; set; }

    /// <summary>The wait is over. Called once after <see cref="AdmissionAnswer.Queued"/>, outside the gate's lock, unless the request left before.</summary>
    public abstract void Decided(AdmissionAnswer answer);
}
