namespace Mainstay.Resilience.Queues;

/// <summary>The constants of <see cref="AdmissionGate"/>.</summary>
/// <param name="Patience">
/// Seconds for which requests must have waited without a break before any is refused: a burst that can be worked off within about half a
/// second passes whole. CoDel (Nichols and Jacobson 2012) with the interval of a request that has seconds to live, not of a packet; 1.25: half a second of work takes longer to go while more comes.
/// </param>
/// <param name="FifoPatience">Seconds for which requests must have waited without a break before the newest goes first; 0.25.</param>
/// <param name="Target">A queue whose wait comes down to this is not standing; seconds; 0.01.</param>
/// <param name="ShortestWait">While overloaded nobody waits longer than this, or than half of what a request usually takes; seconds; 0.03.</param>
/// <param name="LongestWait">… but no longer than this; seconds; 1.</param>
/// <param name="Calm">Seconds without a refusal after which the overload is over; 1.</param>
/// <param name="Places">Requests that may wait at once; 4096.</param>
/// <param name="Ghosts">Requests of clients that have gone that are still counted, at most; 4096.</param>
/// <param name="LongestGhost">Seconds for which such a request is counted at most; 3.</param>
/// <param name="FewestPlaces">While overloaded so many may wait, or half of the limit if that is more; 8.</param>
/// <param name="CriticalPlaces">While overloaded so many more critical requests may wait than others; 32.</param>
public sealed record GatePolicy(
    double Patience = 1.25,
    double FifoPatience = 0.25,
    double Target = 0.01,
    double ShortestWait = 0.03,
    double LongestWait = 1,
    double Calm = 1,
    int Places = 4096,
    int Ghosts = 4096,
    double LongestGhost = 3,
    int FewestPlaces = 8,
    int CriticalPlaces = 32);
