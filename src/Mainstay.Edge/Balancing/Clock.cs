namespace Mainstay.Edge.Balancing;

/// <summary>Monotonic time in seconds, as the policies take it.</summary>
internal static class Clock
{
    public static double Seconds(this TimeProvider time) => time.GetTimestamp() / (double)time.TimestampFrequency;

    public static double Seconds(this TimeProvider time, long timestamp) => timestamp / (double)time.TimestampFrequency;

    /// <summary>For a timer, which counts whole milliseconds: a limit never fires before its time.</summary>
    public static TimeSpan Whole(double seconds) => TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(seconds * 1000), 1, int.MaxValue - 1.0));
}
