namespace Mainstay.Resilience.Queues;

/// <summary>The constants of <see cref="AdmissionGate"/>.</summary>
/// <param name="Patience">
/// Seconds for which requests must have waited without a break before any is refused: a burst that can be worked off within about half a
/// second passes whole. CoDel (Nichols and Jacobson 2012) with the interval of a request that has seconds to live, not of a packet; 0.75.
/// </param>
/// <param name="Target">A queue whose wait comes down to this is not standing; seconds; 0.01.</param>
/// <param name="ShortestWait">While overloaded nobody waits longer than this, or than a request usually takes if that is more; seconds; 0.015.</param>
/// <param name="LongestWait">… but no longer than this; seconds; 1.</param>
/// <param name="Calm">Seconds without a refusal after which the overload is over; 1.</param>
/// <param name="Places">Requests that may wait at once; 4096.</param>
/// <param name="Ghosts">Requests of clients that have gone that are still counted, at most; 1024.</param>
public sealed record GatePolicy(
    double Patience = 0.75,
    double Target = 0.01,
    double ShortestWait = 0.015,
    double LongestWait = 1,
    double Calm = 1,
    int Places = 4096,
    int Ghosts = 1024);
