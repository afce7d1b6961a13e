using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Tests.Verdicts.Statistics;

public sealed class RateTestTests
{
    private const int Runs = 4000;

    [Theory]
    [InlineData(0.01, 299)]
    [InlineData(0.001, 2995)]
    [InlineData(0.0001, 29956)]
    public void Without_a_hit_so_many_trials_prove_the_target_and_one_less_does_not(double target, int trials)
    {
        Assert.Equal(Verdict.Holds, RateTest.Of(0, trials, target, 0.95).Verdict);
        Assert.Equal(Verdict.Inconclusive, RateTest.Of(0, trials - 1, target, 0.95).Verdict);
        Assert.Equal(trials, RateTest.EnoughTrials(0, 0, target, 0.95));
    }

    [Theory]
    [InlineData(0.01, 500)]
    [InlineData(0.01, 3000)]
    [InlineData(0.05, 400)]
    [InlineData(0.001, 20000)]
    public void A_truth_just_at_the_target_is_misjudged_in_at_most_5_percent_either_way(double target, int trials)
    {
        var random = new Random(7);
        int holds = 0, violated = 0;
        for (var run = 0; run < Runs; run++)
        {
            var verdict = RateTest.Of(Hits(random, trials, target), trials, target, 0.95).Verdict;
            holds += verdict == Verdict.Holds ? 1 : 0;
            violated += verdict == Verdict.Violated ? 1 : 0;
        }

        // The doubt, and three standard errors of the simulation.
        Assert.InRange(holds, 1, Runs * 0.0604);
        Assert.InRange(violated, 1, Runs * 0.0604);
    }

    [Theory]
    [InlineData(0.01, 800)]
    [InlineData(0.05, 400)]
    public void So_it_is_with_a_second_look_at_the_extended_load(double target, int trials)
    {
        var random = new Random(11);
        int holds = 0, violated = 0;
        for (var run = 0; run < Runs; run++)
        {
            var hits = Hits(random, trials, target);
            var verdict = RateTest.Of(hits, trials, target, 0.975).Verdict;
            if (verdict == Verdict.Inconclusive)
                verdict = RateTest.Of(hits + Hits(random, trials, target), 2 * trials, target, 0.975).Verdict;
            holds += verdict == Verdict.Holds ? 1 : 0;
            violated += verdict == Verdict.Violated ? 1 : 0;
        }

        Assert.InRange(holds, 1, Runs * 0.0604);
        Assert.InRange(violated, 1, Runs * 0.0604);
    }

    [Property(MaxTest = 300, Replay = "7,11")]
    public Property More_hits_never_make_it_better(PositiveInt many, NonNegativeInt few, PositiveInt percent)
    {
        var (trials, target) = ((many.Get % 5000) + 1, ((percent.Get % 50) + 1) / 100.0);
        var hits = few.Get % trials;
        return (RateTest.Of(hits, trials, target, 0.95).Verdict <= RateTest.Of(hits + 1, trials, target, 0.95).Verdict).ToProperty();
    }

    [Property(MaxTest = 300, Replay = "7,11")]
    public Property The_bounds_say_the_same_as_the_verdict(PositiveInt many, NonNegativeInt few, PositiveInt percent)
    {
        var (trials, target) = ((many.Get % 5000) + 1, ((percent.Get % 50) + 1) / 100.0);
        var test = RateTest.Of(few.Get % (trials + 1), trials, target, 0.95);
        return (test.Verdict switch
        {
            Verdict.Holds => test.Upper <= target + 1e-9,
            Verdict.Violated => test.Lower >= target - 1e-9,
            _ => test.Lower <= target + 1e-9 && test.Upper >= target - 1e-9,
        }).ToProperty();
    }

    [Theory]
    [InlineData(2, 400, 0.01)]
    [InlineData(1, 400, 0.01)]
    [InlineData(6, 400, 0.01)]
    public void What_is_enough_decides(int hits, int trials, double target)
    {
        var enough = RateTest.Of(hits, trials, target, 0.95).Enough!.Value;
        Assert.True(enough > trials);
        var rate = (double)hits / trials;
        Assert.NotEqual(Verdict.Inconclusive, RateTest.Of((int)Math.Round(rate * enough), enough, target, 0.95).Verdict);
    }

    [Fact]
    public void A_rate_just_at_the_target_is_never_decided() => Assert.Null(RateTest.Of(4, 400, 0.01, 0.95).Enough);

    private static int Hits(Random random, int trials, double probability)
    {
        // From one hit to the next the distance is geometric: far fewer numbers than trials.
        var hits = 0;
        for (var at = Gap(); at <= trials; at += Gap())
            hits++;
        return hits;

        int Gap() => (int)Math.Min(trials + 1, Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - probability)) + 1);
    }
}
