using Mainstay.Prove.Load.Scheduling;

namespace Mainstay.Prove.Tests.Load.Scheduling;

public sealed class PaceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly Pace[] Paces =
    [
        Pace.Constant(50),
        Pace.Ramp(0, 100, 10 * Second),
        Pace.Ramp(100, 0, 10 * Second),
        Pace.Stairs((10, Second), (0, 2 * Second), (1000, Second), (5, Second)),
        Pace.Bursts(1, 500, 5 * Second, Second),
        Pace.Bursts(0, 7, 5 * Second, Second / 2),
    ];

    [Fact]
    public void A_constant_rate_is_even() => Assert.Equal(12.5, Pace.Constant(2).When(10, 5), 9);

    [Fact]
    public void A_ramp_grows_as_its_area()
    {
        var ramp = Pace.Ramp(0, 100, 10 * Second);
        Assert.Equal(500, ramp.Between(0, 10), 9);
        Assert.Equal(125, ramp.Between(0, 5), 9);
        Assert.Equal(5, ramp.When(0, 125), 9);
        Assert.Equal(11, ramp.When(0, 600), 9);     // its last rate holds
        Assert.Equal(double.PositiveInfinity, Pace.Ramp(100, 0, 10 * Second).When(0, 501));
    }

    [Fact]
    public void Bursts_come_again_and_again()
    {
        var bursts = Pace.Bursts(10, 100, 10 * Second, Second);
        Assert.Equal(90 + 100, bursts.Between(0, 10), 9);
        Assert.Equal(1900, bursts.Between(0, 100), 6);
        Assert.Equal(9.5, bursts.When(0, 90 + 50), 9);
        Assert.Equal(1009.5, bursts.When(0, 19_000 + 90 + 50), 6);
        Assert.Equal(100, bursts.Between(19, 20), 9);
    }

    [Fact]
    public void A_rest_is_passed_over_and_an_endless_one_is_never()
    {
        Assert.Equal(3.001, Pace.Stairs((10, Second), (0, 2 * Second), (1000, Second)).When(1, 1), 9);
        Assert.Equal(double.PositiveInfinity, Pace.Constant(0).When(0, 1));
        Assert.Equal(double.PositiveInfinity, Pace.Bursts(0, 0, Second, Second / 2).When(0, 1));
    }

    [Fact]
    public void What_is_due_by_a_moment_is_due_at_it()
    {
        var random = new Random(1);
        foreach (var pace in Paces)
        {
            for (var i = 0; i < 2000; i++)
            {
                var (start, amount) = (random.NextDouble() * 30, (random.NextDouble() * 200) + 1e-6);
                var when = pace.When(start, amount);
                if (double.IsPositiveInfinity(when))
                    Assert.True(pace.Between(start, 1e6) < amount + 1e-6);
                else
                    Assert.Equal(amount, pace.Between(start, when), 5);
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(1e7)]
    public void Rates_that_make_no_sense_are_refused(double rate) => Assert.Throws<ArgumentOutOfRangeException>(() => Pace.Constant(rate));

    [Fact]
    public void Steps_without_time_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Pace.Ramp(1, 2, TimeSpan.Zero));
}
