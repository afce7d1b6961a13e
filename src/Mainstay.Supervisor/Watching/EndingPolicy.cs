namespace Mainstay.Supervisor.Watching;

/// <summary>
/// When one replica that is far over its memory is ended without waiting for another: at 150 % of its limit as long as others serve, at 200 % in any case.
/// Both double with each time within ten minutes, up to 600 % and 800 %: what only needs more than it may is left to serve (and replaced in time, see
/// <see cref="ReplacementPolicy"/>), what grows without end is ended again and again. Owned by one loop; not thread-safe.
/// </summary>
internal sealed class EndingPolicy(TimeProvider time)
{
    public const double FirstShare = 1.5;
    public const double LargestShare = 6;
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    /// <summary>How much further the last one that serves may go.</summary>
    private const double LastOne = 4.0 / 3;

    private long? _last;
    private double _share = FirstShare;

    public bool IsFarOver(long bytes, long limit, bool othersServe) => bytes >= limit * Share * (othersServe ? 1 : LastOne);

    /// <summary>It is being ended.</summary>
    public void Ended() => (_share, _last) = (Math.Min(LargestShare, Share * 2), time.GetTimestamp());

    private double Share => _last is { } last && time.GetElapsedTime(last) < Calm ? _share : FirstShare;
}
