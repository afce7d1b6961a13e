using FsCheck.Xunit;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Balancing;

[Properties(Replay = Seed.OfProperties)]
public sealed class PeakEwmaTests
{
    private static PeakEwma New() => new(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(30));

    [Fact]
    public void Begins_with_the_initial_estimate() => Assert.Equal(0.03, New().SecondsAt(100));

    [Fact]
    public void The_first_sample_replaces_the_guess()
    {
        var ewma = New();
        ewma.Record(0.001, 0);
        Assert.Equal(0.001, ewma.Seconds);
    }

    [Property]
    public bool Jumps_to_a_peak_at_once(byte before, byte more)
    {
        var ewma = New();
        ewma.Record(before, 1);
        ewma.Record(before + more + 1, 2);
        return ewma.Seconds == before + more + 1;
    }

    [Property]
    public bool Comes_down_but_never_below_the_sample(byte peak, byte low, byte gap)
    {
        var ewma = New();
        ewma.Record(peak, 0);
        ewma.Record(Math.Min(low, peak), gap);
        return ewma.Seconds <= peak + 1e-9 && ewma.Seconds >= Math.Min(low, peak) - 1e-9;
    }

    [Fact]
    public void Follows_the_formula_on_the_way_down()
    {
        var ewma = New();
        ewma.Record(1, 0);
        ewma.Record(0.1, 10);
        Assert.Equal(Math.Exp(-1) + (0.1 * (1 - Math.Exp(-1))), ewma.Seconds, 12);
    }

    [Fact]
    public void A_fast_failure_costs_its_penalty_and_fades()
    {
        var ewma = New();
        ewma.Record(0.001, 0);
        ewma.Penalize(5, 1);
        Assert.Equal(5, ewma.SecondsAt(1));
        Assert.Equal(5 * Math.Exp(-2), ewma.SecondsAt(21), 12);
    }

    [Fact]
    public void A_penalty_does_not_make_a_slow_one_look_faster()
    {
        var ewma = New();
        ewma.Record(20, 0);
        ewma.Penalize(5, 0);
        Assert.Equal(20, ewma.Seconds);
    }
}
