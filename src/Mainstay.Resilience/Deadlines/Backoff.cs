using Mainstay.Resilience.Chance;

namespace Mainstay.Resilience.Deadlines;

/// <summary>
/// Decorrelated jitter (Brooker, "Exponential Backoff And Jitter", 2015): <c>next = min(longest, random between shortest and 3 × previous)</c>.
/// Immutable; the caller keeps the previous wait.
/// </summary>
/// <param name="shortest">25 ms in the edge.</param>
/// <param name="longest">1 s in the edge.</param>
public sealed class Backoff(TimeSpan shortest, TimeSpan longest)
{
    /// <summary>The wait before the next attempt.</summary>
    /// <param name="previous">The wait before; zero for the first.</param>
    /// <param name="dice">Randomness.</param>
    public TimeSpan Next(TimeSpan previous, Dice dice)
    {
        ArgumentNullException.ThrowIfNull(dice);
        var upper = Math.Max(shortest.TotalSeconds, previous.TotalSeconds * 3);
        if (previous == TimeSpan.Zero)
            upper = shortest.TotalSeconds * 3;
        var seconds = shortest.TotalSeconds + (dice.Unit() * (upper - shortest.TotalSeconds));
        return TimeSpan.FromSeconds(Math.Min(longest.TotalSeconds, seconds));
    }
}
