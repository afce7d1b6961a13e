namespace Mainstay.Supervisor.Watching;

/// <summary>
/// When a replica that uses too much memory may be replaced. If fresh replicas grow too big as well, replacing them faster helps nobody:
/// a replacement within ten minutes of the last one waits, 30 s doubling to 10 min. What grows far over its limit meanwhile is ended, before it takes the
/// machine along. Owned by one loop; not thread-safe.
/// </summary>
internal sealed class ReplacementPolicy(TimeProvider time)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>The share of <c>memory</c> at which a replica is replaced.</summary>
    public const double Share = 0.9;

    private long? _last;
    private TimeSpan _pause = FirstPause;
    private long? _lastEnd;
    private double _far = FarShare;

    /// <summary>
    /// The share at which one is ended without waiting for another, as long as others serve. It doubles with each that is ended within ten minutes, up to
    /// <see cref="FarthestShare"/>: what needs more at rest than it may is left to serve, and only what grows without end is ended again and again.
    /// </summary>
    public const double FarShare = 1.5;
    public const double FarthestShare = 6;

    /// <summary>How much further the last one that serves may go.</summary>
    private const double LastShare = 4.0 / 3;

    public static bool IsOver(long bytes, long limit) => bytes >= limit * Share;

    public bool IsFarOver(long bytes, long limit, bool othersServe) => bytes >= limit * Far * (othersServe ? 1 : LastShare);

    /// <summary>One that was far over is being ended.</summary>
    public void Ended() => (_far, _lastEnd) = (Math.Min(FarthestShare, Far * 2), time.GetTimestamp());

    private double Far => _lastEnd is { } last && time.GetElapsedTime(last) < LongestPause ? _far : FarShare;

    public bool MayReplace => _last is not { } last || time.GetElapsedTime(last) >= _pause;

    /// <summary>A replacement ended, well or not.</summary>
    public void Replaced()
    {
        var calm = _last is not { } last || time.GetElapsedTime(last) >= LongestPause + _pause;
        _pause = calm ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        _last = time.GetTimestamp();
    }
}
