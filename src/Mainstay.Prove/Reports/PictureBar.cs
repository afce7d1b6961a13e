namespace Mainstay.Prove.Reports;

/// <summary>One or several seconds of a timeline, as they are drawn: counts per second, the worst latency.</summary>
internal sealed record PictureBar(int From, int To, double Good, double Refused, double Failed, double? P50, double? P99)
{
    public double Total => Good + Refused + Failed;

    public static List<PictureBar> Of(IEnumerable<TimelineSecond> timeline, int step) =>
    [
        .. timeline.GroupBy(second => second.Second / step).Select(group => new PictureBar(
            group.Key * step,
            (group.Key + 1) * step,
            group.Sum(second => second.Good) / (double)step,
            group.Sum(second => second.Refused) / (double)step,
            group.Sum(second => second.Failed) / (double)step,
            group.Max(second => second.P50),
            group.Max(second => second.P99))),
    ];
}
