using Mainstay.Supervisor.Watching;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Supervisor.Tests.Watching;

public sealed class EndingPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(149, true, false)]
    [InlineData(150, true, true)]
    [InlineData(199, false, false)]
    [InlineData(200, false, true)]
    public void Far_over_is_half_as_much_again_while_others_serve_and_twice_as_much_in_any_case(long bytes, bool othersServe, bool expected) =>
        Assert.Equal(expected, new EndingPolicy(_time).IsFarOver(bytes, 100, othersServe));

    [Fact]
    public void What_is_ended_again_and_again_may_grow_further_each_time_and_not_without_end()
    {
        var policy = new EndingPolicy(_time);
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
}
