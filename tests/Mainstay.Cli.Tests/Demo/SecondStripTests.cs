using Mainstay.Cli.Demo;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Storms;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Cli.Tests.Demo;

public sealed class SecondStripTests
{
    private static readonly Style Plain = new(colour: false);

    [Fact]
    public void A_minute_is_a_character_for_each_second()
    {
        var strip = new SecondStrip(Storm.Of(TimeSpan.FromSeconds(60)), Plain).Of([Good(0), Good(1) with { Refused = 1 }, Good(2) with { Failed = 1 }, Good(3) with { Slow = 1 }]);
        Assert.Equal("█▒××" + new string('·', 56), strip);
    }

    [Fact]
    public void A_longer_storm_shows_the_worst_of_several_seconds()
    {
        var seconds = Enumerable.Range(0, 300).Select(index => index == 7 ? Good(index) with { Failed = 1 } : Good(index)).ToList();
        Assert.Equal("█×" + new string('█', 58), new SecondStrip(Storm.Of(TimeSpan.FromSeconds(300)), Plain).Of(seconds));
    }

    [Fact]
    public void Acts_stand_above_the_seconds_in_which_they_begin()
    {
        var acts = new SecondStrip(Storm.Of(TimeSpan.FromSeconds(60)), Plain).Acts();
        Assert.Equal(("kill", "10×", "death"), (acts[4..8], acts[42..45], acts[53..58]));
    }

    private static StormSecond Good(int index) => new(index, 60, 60, 0, 0, 0);
}
