namespace Mainstay.Supervisor.Watching;

/// <summary>
/// When a replica that uses too much memory may be replaced. If fresh replicas grow too big as well, replacing them faster helps nobody:
/// a replacement within ten minutes of the last one waits, 30 s doubling to 10 min. Owned by one loop; not thread-safe.
/// </summary>
internal sealed class ReplacementPolicy(TimeProvider time)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>The share of <c>memory</c> at which a replica is replaced.</summary>
    public const double Share = 0.9;

    private long? _last;
    private TimeSpan _pause = FirstPause;

    public static bool IsOver(long bytes, long limit) => bytes >= limit * Share;

    public bool MayReplace => _last is not { } last || time.GetElapsedTime(last) >= _pause;

    /// <summary>A replacement ended, well or not.</summary>
    public void Replaced()
    {
        var calm = _last is not { } last || time.GetElapsedTime(last) >= LongestPause + _pause;
        _pause = calm ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        _last = time.GetTimestamp();
    }
}
