namespace Mainstay.Prove.Storms.Counting;

/// <summary>Where in a recording the storm is. Microseconds since the recording's start.</summary>
/// <param name="Start">Of its first second.</param>
/// <param name="Seconds">How many it has.</param>
/// <param name="OverloadFrom">From then on requests may be refused; nothing before it has come.</param>
/// <param name="OverloadTo">Until then.</param>
internal readonly record struct StormWindow(long Start, int Seconds, long OverloadFrom = long.MaxValue, long OverloadTo = long.MaxValue)
{
    /// <summary>The second that a moment belongs to; may be outside of the storm.</summary>
    public long SecondOf(long at) => (long)Math.Floor((at - Start) / 1e6);

    public bool IsOverload(long at) => at >= OverloadFrom && at < OverloadTo;
}
