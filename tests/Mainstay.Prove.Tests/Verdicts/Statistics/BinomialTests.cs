using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Tests.Verdicts.Statistics;

public sealed class BinomialTests
{
    [Theory]
    [InlineData(0, 299, 0.95, 0, 0.009969)]
    [InlineData(5, 100, 0.95, 0.019914, 0.102253)]
    [InlineData(10, 10, 0.95, 0.741134, 1)]
    [InlineData(50, 100, 0.975, 0.398321, 0.601679)]
    public void The_bounds_are_those_of_Clopper_and_Pearson(int hits, int trials, double confidence, double lower, double upper)
    {
        Assert.Equal(lower, Binomial.LowerBound(hits, trials, confidence), 5);
        Assert.Equal(upper, Binomial.UpperBound(hits, trials, confidence), 5);
    }

    [Fact]
    public void The_tails_are_the_sums_of_the_probabilities()
    {
        double term = Math.Pow(0.9, 20), sum = 0;
        for (var hits = 0; hits <= 20; hits++)
        {
            sum += term;
            Assert.Equal(sum, Binomial.AtMost(hits, 20, 0.1), 10);
            Assert.Equal(1 - sum, Binomial.AtLeast(hits + 1, 20, 0.1), 10);
            term *= (20.0 - hits) / (hits + 1) * 0.1 / 0.9;
        }
    }

    [Fact]
    public void Millions_of_trials_are_no_trouble() => Assert.Equal(0.5, Binomial.AtMost(20_000, 20_000_000, 0.001), 2);

    [Property(MaxTest = 300, Replay = "7,11")]
    public Property More_hits_never_lower_a_bound(PositiveInt many, NonNegativeInt few)
    {
        var trials = (many.Get % 5000) + 1;
        var hits = few.Get % trials;
        return (Binomial.UpperBound(hits, trials, 0.95) <= Binomial.UpperBound(hits + 1, trials, 0.95)
            && Binomial.LowerBound(hits, trials, 0.95) <= Binomial.LowerBound(hits + 1, trials, 0.95)
            && Binomial.LowerBound(hits, trials, 0.95) <= (double)hits / trials
            && Binomial.UpperBound(hits, trials, 0.95) >= (double)hits / trials).ToProperty();
    }
}
