using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Hedging;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Hedging;

[Properties(Replay = Seed.OfProperties)]
public sealed class HedgeDelayTests
{
    [Fact]
    public void Unknown_with_too_few_samples()
    {
        var delay = new HedgeDelay(0.95);
        for (var i = 0; i < 19; i++)
            delay.Record(0.01, i * 0.3);
        Assert.True(double.IsNaN(delay.At(6)));
        delay.Record(0.01, 6);
        Assert.InRange(delay.At(6), 0.01, 0.0145);
    }

    [Fact]
    public void A_rare_quantile_needs_more_samples()
    {
        var delay = new HedgeDelay(0.99);
        for (var i = 0; i < 99; i++)
            delay.Record(0.01, i * 0.01);
        Assert.True(double.IsNaN(delay.At(1)));
        delay.Record(0.01, 2);
        Assert.False(double.IsNaN(delay.At(2)));
    }

    [Fact]
    public void Follows_the_route_and_forgets_it_when_it_is_quiet()
    {
        var delay = new HedgeDelay(0.5);
        for (var i = 0; i < 100; i++)
            delay.Record(0.01, i * 0.1);
        for (var i = 0; i < 200; i++)
            delay.Record(0.2, 10 + (i * 0.1));
        Assert.InRange(delay.At(30), 0.2, 0.29);
        Assert.True(double.IsNaN(delay.At(41)));
    }

    [Fact]
    public void Never_below_a_millisecond()
    {
        var delay = new HedgeDelay(0.95);
        for (var i = 0; i < 100; i++)
            delay.Record(0, i * 0.1);
        Assert.Equal(HedgeDelay.Shortest, delay.At(10));
    }

    [Property]
    public bool About_as_many_are_slower_as_the_quantile_says(long seed)
    {
        var dice = new Dice(seed);
        var delay = new HedgeDelay(0.9);
        var latencies = Enumerable.Range(0, 1000).Select(_ => -0.02 * Math.Log(1 - dice.Unit())).ToList();
        for (var i = 0; i < latencies.Count; i++)
            delay.Record(latencies[i], 1 + (i * 0.001));
        delay.Record(0.02, 2.5);
        // A step of the histogram is √2 wide and its upper edge counts: from 10 % down to about 3 %.
        return latencies.Count(latency => latency > delay.At(2.5)) is >= 20 and <= 110;
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var delay = new HedgeDelay(0.95);
        delay.Record(0.01, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            delay.Record(0.01, i * 0.01);
            delay.At(i * 0.01);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
