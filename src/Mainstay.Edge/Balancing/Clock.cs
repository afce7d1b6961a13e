namespace Mainstay.Edge.Balancing;

/// <summary>Monotonic time in seconds, as the policies take it.</summary>
internal static class Clock
{
    public static double Seconds(this TimeProvider time) => time.GetTimestamp() / (double)time.TimestampFrequency;

    public static double Seconds(this TimeProvider time, long timestamp) => timestamp / (double)time.TimestampFrequency;
}
