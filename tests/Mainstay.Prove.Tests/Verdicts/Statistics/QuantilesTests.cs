using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Tests.Verdicts.Statistics;

public sealed class QuantilesTests
{
    private static readonly long[] Hundred = [.. Enumerable.Range(1, 100).Select(value => (long)value)];

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.991, 100)]
    [InlineData(1, 100)]
    public void The_smallest_value_that_is_not_below_the_share(double quantile, long value) => Assert.Equal(value, Quantiles.Of(Hundred, quantile));

    [Fact]
    public void Without_values_there_is_none()
    {
        Assert.Null(Quantiles.Of([], 0.99));
        Assert.Null(Quantiles.UpperBound([], 0.99, 0.95));
        Assert.Null(Quantiles.LowerBound([], 0.99, 0.95));
    }

    [Fact]
    public void The_bounds_of_a_median_are_the_known_ranks()
    {
        Assert.Equal(59, Quantiles.UpperBound(Hundred, 0.5, 0.95));
        Assert.Equal(42, Quantiles.LowerBound(Hundred, 0.5, 0.95));
    }

    [Fact]
    public void A_p99_has_an_upper_bound_from_299_values_on()
    {
        var values = Enumerable.Range(1, 299).Select(value => (long)value).ToArray();
        Assert.Equal(299, Quantiles.UpperBound(values, 0.99, 0.95));
        Assert.Null(Quantiles.UpperBound(values.AsSpan(0, 298), 0.99, 0.95));
    }

    [Property(MaxTest = 300, Replay = "7,11")]
    public Property The_upper_bound_says_the_same_as_the_share_of_greater_values(PositiveInt many, NonNegativeInt limit)
    {
        var random = new Random(many.Get);
        var values = Enumerable.Range(0, many.Get % 1500).Select(_ => (long)random.Next(1000)).Order().ToArray();
        var bound = limit.Get % 1000;
        var holds = RateTest.Of(values.Count(value => value > bound), values.Length, 0.05, 0.95).Verdict == Verdict.Holds;
        return (holds == (Quantiles.UpperBound(values, 0.95, 0.95) <= bound)).ToProperty();
    }
}
