using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Chance;

[Properties(Replay = Seed.OfProperties)]
public sealed class DiceTests
{
    [Property]
    public bool Stays_below_the_count(long seed, ushort count) => new Dice(seed).Below(count + 1) is var roll && roll >= 0 && roll <= count;

    [Property]
    public bool Units_lie_in_zero_to_one(long seed) => new Dice(seed).Unit() is >= 0 and < 1;

    [Fact]
    public void The_same_seed_gives_the_same_sequence()
    {
        Dice one = new(7), two = new(7);
        for (var i = 0; i < 100; i++)
            Assert.Equal(one.Next(), two.Next());
    }

    [Fact]
    public void Every_side_comes_up_about_as_often()
    {
        var dice = new Dice(1);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
            counts[dice.Below(6)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }
}
