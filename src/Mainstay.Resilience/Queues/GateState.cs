using Mainstay.Resilience.Limits;

namespace Mainstay.Resilience.Queues;

/// <summary>What a gate knows, at one moment.</summary>
/// <param name="Limit">Requests that may be at work at once, outside trials.</param>
/// <param name="InFlight">At work now, those whose clients have gone included.</param>
/// <param name="Queued">Waiting now.</param>
/// <param name="IsOverloaded">It refuses what it could only answer late.</param>
/// <param name="Shed">Refused since the start.</param>
/// <param name="PerSecond">Completions per second of late.</param>
/// <param name="LastChange">Why the limit is what it is; null for a fixed one.</param>
public readonly record struct GateState(
    int Limit, int InFlight, int Queued, bool IsOverloaded, long Shed, double PerSecond, LimitChange? LastChange);
