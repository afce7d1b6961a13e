namespace Mainstay.Prove.Storms.Counting;

/// <summary>A storm in one line.</summary>
/// <param name="Seconds">That have been counted.</param>
/// <param name="Good">Of them.</param>
/// <param name="Requests">That were due in them.</param>
/// <param name="Refused">During the overload, fast and with <c>Retry-After</c>.</param>
/// <param name="Slow">Answered well, after more than 1 s.</param>
/// <param name="Failed">All other requests without a good answer.</param>
internal sealed record StormScore(int Seconds, int Good, long Requests, long Refused, long Slow, long Failed)
{
    public static StormScore Of(IReadOnlyCollection<StormSecond> seconds) => new(
        seconds.Count,
        seconds.Count(second => second.IsGood),
        seconds.Sum(second => (long)second.Due),
        seconds.Sum(second => (long)second.Refused),
        seconds.Sum(second => (long)second.Slow),
        seconds.Sum(second => (long)second.Failed));
}
