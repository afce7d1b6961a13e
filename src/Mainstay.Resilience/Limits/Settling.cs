namespace Mainstay.Resilience.Limits;

/// <summary>The time after a change of the limit that does not count yet: what is completed then was let in before. Not thread-safe.</summary>
internal sealed class Settling(LimitPolicy policy)
{
    /// <summary>What is at work has left after so many times what the slowest of late took; or it hangs.</summary>
    private const double Patience = 2;

    private double _until;
    private double _longest;
    private bool _drains;

    public enum Stage
    {
        Over,
        Goes,

        /// <summary>More are at work than may be, and they do not leave.</summary>
        Hangs,
    }

    public bool IsOn { get; private set; }

    /// <summary>Of the last one; monotonic seconds.</summary>
    public double Since { get; private set; }

    /// <param name="now">Monotonic time, in seconds.</param>
    /// <param name="least">Seconds; within the policy's bounds.</param>
    /// <param name="drains">It is not over as long as more are at work than may be by now.</param>
    public void Begin(double now, double least, bool drains)
    {
        IsOn = true;
        _drains = drains;
        Since = now;
        _longest = least;
        _until = now + Math.Clamp(least, policy.ShortestSettling, policy.LongestSettling);
    }

    /// <param name="excess">More at work than may be, if positive.</param>
    /// <param name="longest">What the slowest of late took; seconds.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public Stage Look(int excess, double longest, double now)
    {
        // What takes long ends rarely, so that it may be forgotten while it is waited for.
        _longest = Math.Max(_longest, longest);
        if (now < _until)
            return Stage.Goes;
        if (_drains && excess > 0 && now - Since < policy.LongestWindow)
            return now - Since > Math.Max(policy.ShortestWindow, Patience * _longest) ? Stage.Hangs : Stage.Goes;
        IsOn = false;
        return Stage.Over;
    }
}
