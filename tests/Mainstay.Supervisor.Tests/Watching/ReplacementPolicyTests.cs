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

    [Theory]
    [InlineData(149, true, false)]
    [InlineData(150, true, true)]
    [InlineData(199, false, false)]
    [InlineData(200, false, true)]
    public void Far_over_is_half_as_much_again_while_others_serve_and_twice_as_much_in_any_case(long bytes, bool othersServe, bool expected) =>
        Assert.Equal(expected, new ReplacementPolicy(_time).IsFarOver(bytes, 100, othersServe));

    [Fact]
    public void What_is_ended_again_and_again_may_grow_further_each_time_and_not_without_end()
    {
        var policy = new ReplacementPolicy(_time);
        foreach (var share in new[] { 150, 300, 600, 600 })
        {
            Assert.False(policy.IsFarOver(share - 1, 100, othersServe: true));
            Assert.True(policy.IsFarOver(share, 100, othersServe: true));
            Assert.False(policy.IsFarOver(share, 100, othersServe: false));
            policy.Ended();
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.True(policy.IsFarOver(150, 100, othersServe: true));
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
