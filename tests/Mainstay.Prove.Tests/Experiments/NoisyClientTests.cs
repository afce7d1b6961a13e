using Mainstay.Prove.Experiments;

namespace Mainstay.Prove.Tests.Experiments;

public sealed class NoisyClientTests
{
    [Theory]
    [InlineData(100, 1000, 300, true)]
    [InlineData(0.5, 5, 1.5, true)]
    [InlineData(1000, 4000, 3000, true)]
    [InlineData(1200, 4000, 3200, false)]
    [InlineData(100_000, 4000, 3200, false)]
    public void A_limit_is_tested_by_three_times_as_many_at_least(double limit, double perSecond, double least, bool exceeds)
    {
        Assert.Equal((perSecond, least), (NoisyClient.RateOf(limit), NoisyClient.LeastOf(limit)));
        Assert.Equal(exceeds, NoisyClient.CanBeExceeded(limit));
    }
}
