namespace Mainstay.Prove.Load.Platform;

/// <summary>Processor time of the calling thread.</summary>
internal static unsafe class ThreadClock
{
    private const int OfThisThread = 3;

    public static TimeSpan Now
    {
        get
        {
            LibC.TimeSpec time;
            return LibC.ReadClock(OfThisThread, &time) == 0 ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)) : TimeSpan.Zero;
        }
    }
}
