namespace Mainstay.Resilience.Queues;

/// <summary>What a request's work says about how much the service can do.</summary>
public enum WorkOutcome
{
    /// <summary>Done: counts as throughput.</summary>
    Success,

    /// <summary>Says nothing: a fast failure, a broken connection.</summary>
    Ignored,
}
