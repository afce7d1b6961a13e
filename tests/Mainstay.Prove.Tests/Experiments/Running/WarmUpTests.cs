using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class WarmUpTests
{
    private const double Tolerance = 0.0005;

    [Fact]
    public void Three_windows_alike_are_steady() => Assert.True(IsSteady([(0.5, 0.9), (0.010, 0.020), (0.0105, 0.0205), (0.0102, 0.0210)], Tolerance));

    [Fact]
    public void A_median_that_still_falls_is_not() => Assert.False(IsSteady([(0.014, 0.020), (0.012, 0.020), (0.010, 0.020)], Tolerance));

    [Fact]
    public void Very_fast_applications_may_vary_within_half_a_millisecond() =>
        Assert.True(IsSteady([(0.0001, 0.0003), (0.0002, 0.0005), (0.00015, 0.0007)], Tolerance));

    [Fact]
    public void A_second_without_an_answer_is_not_steady() => Assert.False(IsSteady([(0.01, 0.02), null, (0.01, 0.02)], Tolerance));

    [Fact]
    public void Two_windows_are_too_few() => Assert.False(IsSteady([(0.01, 0.02), (0.01, 0.02)], Tolerance));

    /// <summary>The median is one or the other by chance.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public void Some_quick_and_some_slow_are_steady(double quick)
    {
        var chance = new Random(1);
        var steady = 0;
        for (var run = 0; run < 200; run++)
            steady += IsSteady(chance, 80, second => chance.NextDouble() < quick ? 0.02 : 0.4) ? 1 : 0;
        Assert.InRange(steady, 190, 200);
    }

    [Fact]
    public void Latencies_that_fall_by_a_third_each_second_are_not_steady()
    {
        var chance = new Random(1);
        for (var run = 0; run < 200; run++)
            Assert.False(IsSteady(chance, 80, second => 0.02 * Math.Pow(0.67, second) * (0.8 + (0.4 * chance.NextDouble()))));
    }

    /// <summary>Three seconds of so many a second.</summary>
    private static bool IsSteady(Random chance, int rate, Func<int, double> latency)
    {
        var samples = new List<Sample>();
        for (var second = 0; second < 3; second++)
        {
            for (var i = 0; i < rate; i++)
            {
                var took = (long)(latency(second) * 1e6);
                var end = (second * 1_000_000L) + chance.Next(1_000_000);
                samples.Add(new Sample(0, end - took, end - took, end, end, 200, Fate.Answered, -1));
            }
        }
        return WarmUp.IsSteady(WarmUp.Windows(samples, 0, 3_000_000), Tolerance);
    }

    private static bool IsSteady(List<(double Median, double P95)?> windows, double tolerance) => WarmUp.IsSteady(
        windows.ConvertAll(window => window is { } known
            ? ((WarmUp.Bounds, WarmUp.Bounds)?)(new(known.Median, known.Median), new(known.P95, known.P95))
            : null),
        tolerance);
}
