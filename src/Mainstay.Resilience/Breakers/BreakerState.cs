namespace Mainstay.Resilience.Breakers;

/// <summary>What a breaker is doing.</summary>
public enum BreakerMode
{
    /// <summary>Everything goes.</summary>
    Closed,

    /// <summary>Nothing goes until the next trial.</summary>
    Open,

    /// <summary>A trial is under way; nothing else goes.</summary>
    HalfOpen,
}

/// <summary>For status: where a breaker stands, and why.</summary>
/// <param name="Mode">What it is doing.</param>
/// <param name="Since">Since when it has been closed, or not; monotonic seconds. Minus infinity: it was never open.</param>
/// <param name="FailuresInARow">Now, if closed; else those that opened it.</param>
/// <param name="Span">Seconds that they span.</param>
/// <param name="FailedTrials">Since it opened; 0 if closed.</param>
/// <param name="RetryAfter">Seconds until the next trial; 0 if closed.</param>
/// <param name="Opened">How often it opened so far.</param>
/// <param name="Refused">How many requests it refused so far.</param>
public readonly record struct BreakerState(
    BreakerMode Mode, double Since, int FailuresInARow, double Span, int FailedTrials, double RetryAfter, int Opened, long Refused);

/// <summary>A change that an outcome brought about, for the owner to tell: it opened, stayed open for longer, or closed.</summary>
/// <param name="To">Closed or open.</param>
/// <param name="FailuresInARow">Those that opened it.</param>
/// <param name="Span">Seconds that they span.</param>
/// <param name="FailedTrials">Since it opened.</param>
/// <param name="OpenFor">Seconds until the next trial; when closed, the seconds for which it was not.</param>
public readonly record struct BreakerChange(BreakerMode To, int FailuresInARow, double Span, int FailedTrials, double OpenFor);
