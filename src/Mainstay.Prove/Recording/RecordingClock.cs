namespace Mainstay.Prove.Recording;

/// <summary>One clock for all that is recorded in a history: microseconds since it was made, monotonic.</summary>
internal sealed class RecordingClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public TimeProvider Time => time;

    /// <summary>Microseconds since the start.</summary>
    public long Now => (long)time.GetElapsedTime(_start).TotalMicroseconds;
}
