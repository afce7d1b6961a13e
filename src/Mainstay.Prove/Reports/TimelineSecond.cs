using System.Collections.Immutable;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Reports;

/// <summary>The load of one second, by when its requests were due.</summary>
/// <param name="Second">Since the history's start.</param>
/// <param name="Good">Requests that got what was promised.</param>
/// <param name="Refused">Shed with Retry-After.</param>
/// <param name="Failed">All others, but those cut off by the end of the load.</param>
/// <param name="P50">Seconds, of what was answered and not refused; null when nothing was.</param>
/// <param name="P99">Seconds.</param>
internal sealed record TimelineSecond(int Second, int Good, int Refused, int Failed, double? P50, double? P99)
{
    private const long Micros = 1_000_000;

    /// <summary>Only seconds in which something was due.</summary>
    public static ImmutableArray<TimelineSecond> Of(History history) =>
    [
        .. history.Samples.Where(sample => sample.Fate != Fate.Cut)
            .GroupBy(sample => (int)(sample.ScheduledAt / Micros))
            .OrderBy(second => second.Key)
            .Select(second => Of(history, second.Key, [.. second])),
    ];

    private static TimelineSecond Of(History history, int second, List<Sample> samples)
    {
        var good = samples.Count(sample => history.OutcomeOf(sample) == Outcome.Success);
        var refused = samples.Count(sample => history.OutcomeOf(sample) == Outcome.Failure && sample.IsShed);
        var latencies = samples.Where(sample => sample is { Fate: Fate.Answered, IsShed: false }).Select(sample => sample.Latency).Order().ToArray();
        return new(
            second, good, refused, samples.Count - good - refused, Quantiles.Of(latencies, 0.5) / 1e6, Quantiles.Of(latencies, 0.99) / 1e6);
    }
}
