namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>What is granted to single durations: timers fire late, and the end is seen later than it came.</summary>
internal static class Tolerance
{
    public const double Seconds = 0.05;
    public const double Ratio = 0.05;

    /// <summary>Microseconds that are still in time.</summary>
    public static long Of(double seconds) => (long)(((seconds * (1 + Ratio)) + Seconds) * 1e6);
}
