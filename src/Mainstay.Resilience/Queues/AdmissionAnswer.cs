namespace Mainstay.Resilience.Queues;

/// <summary>What a gate says to a request.</summary>
public enum AdmissionAnswer
{
    /// <summary>It may go to work; it leaves with <see cref="AdmissionGate.Leave"/> or <see cref="AdmissionGate.Abandon"/>.</summary>
    Admitted,

    /// <summary>It waits; <see cref="Ticket.Decided"/> will tell.</summary>
    Queued,

    /// <summary>Refused, because more is asked of the service than it can do.</summary>
    Shed,

    /// <summary>Refused, because too many wait already.</summary>
    Full,

    /// <summary>Refused: its deadline is over.</summary>
    TooLate,
}
