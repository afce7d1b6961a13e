using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Load;

public sealed class LatencySummaryTests
{
    [Fact]
    public void Counts_and_quantiles_are_those_of_the_samples()
    {
        var summary = new LatencySummary([new("GET", "/"), new("GET", "/made") { ExpectedStatus = 201 }]);
        for (var i = 1; i <= 1000; i++)
            summary.Add(new Sample(0, i * 1000, (i * 1000) + 10, (i * 1000) + 20, (i * 1000) + (i * 100), 200, Fate.Answered, -1));
        summary.Add(new Sample(1, 1_001_000, 1_001_000, 1_001_000, 1_002_000, 200, Fate.Answered, -1));
        summary.Add(new Sample(1, 1_001_000, 1_001_000, 1_001_000, 1_002_000, 201, Fate.Answered, -1));
        summary.Add(new Sample(0, 1_001_000, -1, -1, 61_001_000, 0, Fate.NotSent, -1));
        summary.Add(new Sample(0, 1_001_000, 1_001_000, -1, 9_000_000_000, 0, Fate.Cut, -1));
        var totals = summary.Totals();
        Assert.Equal((1004, 1003, 1001, 2, 1), (totals.Due, totals.Sent, totals.Good, totals.Failed, totals.Cut));
        Assert.Equal(new Dictionary<int, long> { [200] = 1001, [201] = 1 }, totals.Statuses);
        Assert.Equal(new Dictionary<Fate, long> { [Fate.Answered] = 1002, [Fate.NotSent] = 1, [Fate.Cut] = 1 }, totals.Fates);
        Assert.InRange(totals.OfGood.P50, 0.0499, 0.0501);
        Assert.InRange(totals.OfGood.P90, 0.0898, 0.0902);
        Assert.InRange(totals.OfGood.P99, 0.0988, 0.0992);
        Assert.InRange(totals.OfGood.Max, 0.0999, 0.1002);
        Assert.InRange(totals.All.Max, 59.9, 60.1);
        Assert.InRange(totals.PerSecond, 1000, 1010);
    }

    [Fact]
    public void Nothing_is_all_zero()
    {
        var totals = new LatencySummary([new("GET", "/")]).Totals();
        Assert.Equal((0, 0.0, 0.0), (totals.Due, totals.PerSecond, totals.All.P99));
    }
}
