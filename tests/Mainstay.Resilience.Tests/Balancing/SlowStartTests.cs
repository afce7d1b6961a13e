using FsCheck.Xunit;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Balancing;

[Properties(Replay = Seed.OfProperties)]
public sealed class SlowStartTests
{
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.5, 0.1)]
    [InlineData(5, 0.5)]
    [InlineData(10, 1)]
    [InlineData(1000, 1)]
    public void Ramps_from_a_tenth_to_the_whole(double age, double weight) =>
        Assert.Equal(weight, new SlowStart(TimeSpan.FromSeconds(10)).Weight(age), 12);

    [Property]
    public bool Never_falls_with_age(ushort age, ushort more)
    {
        var ramp = new SlowStart(TimeSpan.FromSeconds(10));
        return ramp.Weight(age / 100.0) <= ramp.Weight((age + more) / 100.0);
    }
}
