using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Tests.Verdicts.Statistics;

public sealed class HolmTests
{
    [Fact]
    public void One_test_needs_no_correction() => Assert.Equal([true], Holm.Stands([0.05], 0.05));

    [Fact]
    public void The_bar_falls_with_each_that_stands() =>
        Assert.Equal([true, false, true, true], Holm.Stands([0.0125, 0.06, 0.02, 0.01], 0.05));

    [Fact]
    public void The_first_that_falls_takes_the_rest_with_it() =>
        Assert.Equal([false, false, true], Holm.Stands([0.03, 0.04, 0.01], 0.05));

    [Fact]
    public void Nothing_stands_of_nothing() => Assert.Empty(Holm.Stands([], 0.05));

    [Fact]
    public void Twenty_true_claims_rarely_yield_even_one_violation()
    {
        var random = new Random(3);
        var wrong = Enumerable.Range(0, 4000).Count(_ => Holm.Stands([.. Enumerable.Range(0, 20).Select(_ => random.NextDouble())], 0.05).Contains(true));
        Assert.InRange(wrong, 1, 4000 * 0.0604);
    }
}
