using FsCheck.Xunit;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Balancing;

[Properties(Replay = Seed.OfProperties)]
public sealed class PowerOfTwoChoicesTests
{
    [Property]
    public bool Draws_two_different_ones(long seed, byte count)
    {
        var (first, second) = PowerOfTwoChoices.Draw(count + 2, new Dice(seed));
        return first != second && first >= 0 && second >= 0 && first < count + 2 && second < count + 2;
    }

    [Fact]
    public void A_single_one_is_always_drawn() => Assert.Equal((0, 0), PowerOfTwoChoices.Draw(1, new Dice(1)));

    [Property]
    public bool The_cheaper_one_wins_at_equal_weights(long seed, byte one, byte more, byte weight) =>
        PowerOfTwoChoices.FirstWins(one, (weight + 1) / 256.0, one + more + 1, (weight + 1) / 256.0, new Dice(seed));

    [Fact]
    public void One_that_ramps_up_gets_its_weight_s_share_of_what_it_would_win()
    {
        var dice = new Dice(3);
        var wins = Enumerable.Range(0, 100_000).Count(_ => PowerOfTwoChoices.FirstWins(1, 0.1, 2, 1, dice));
        Assert.InRange(wins, 9_500, 10_500);
    }

    [Fact]
    public void Weights_never_help_the_more_expensive_one()
    {
        var dice = new Dice(3);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(PowerOfTwoChoices.FirstWins(1, 1, 2, 0.1, dice)));
    }

    [Fact]
    public void Equal_costs_share_evenly()
    {
        var dice = new Dice(9);
        var counts = new int[5];
        for (var i = 0; i < 50_000; i++)
        {
            var (first, second) = PowerOfTwoChoices.Draw(5, dice);
            counts[PowerOfTwoChoices.FirstWins(1, 1, 1, 1, dice) ? first : second]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Choosing_allocates_nothing()
    {
        var dice = new Dice(9);
        PowerOfTwoChoices.FirstWins(1, 0.5, 2, 1, dice);
        PowerOfTwoChoices.Draw(4, dice);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            PowerOfTwoChoices.Draw(4, dice);
            PowerOfTwoChoices.FirstWins(1, 0.5, 2, 1, dice);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
