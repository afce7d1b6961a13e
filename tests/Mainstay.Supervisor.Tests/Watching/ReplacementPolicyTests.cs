using Mainstay.Supervisor.Watching;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Supervisor.Tests.Watching;

public sealed class ReplacementPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_limit_counts_from_90_percent()
    {
        Assert.True(ReplacementPolicy.IsOver(90, 100));
        Assert.False(ReplacementPolicy.IsOver(89, 100));
    }

    [Fact]
    public void The_first_replacement_comes_at_once_the_next_ones_wait_longer_and_longer()
    {
        var policy = new ReplacementPolicy(_time);
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            Assert.True(policy.MayReplace);
            policy.Replaced();
            var waited = 0;
            for (; !policy.MayReplace; waited++)
                _time.Advance(TimeSpan.FromSeconds(1));
            pauses.Add(waited);
        }
        Assert.Equal([30, 60, 120, 240, 480, 600, 600], pauses);
    }

    [Fact]
    public void A_calm_time_makes_it_quick_again()
    {
        var policy = new ReplacementPolicy(_time);
        policy.Replaced();
        policy.Replaced();
        _time.Advance(TimeSpan.FromMinutes(20));
        policy.Replaced();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(policy.MayReplace);
    }
}
