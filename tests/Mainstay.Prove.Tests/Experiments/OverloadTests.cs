using Mainstay.Prove.Experiments;

namespace Mainstay.Prove.Tests.Experiments;

public sealed class OverloadTests
{
    [Theory]
    [InlineData(20, 200)]
    [InlineData(500, 5000)]
    [InlineData(600, 6000)]
    [InlineData(1500, 6000)]
    public void The_flood_is_ten_times_the_capacity_or_as_much_as_can_be_sent_beside_it(double capacity, double perSecond) =>
        Assert.Equal(perSecond, Overload.FloodOf(capacity));

    [Theory]
    [InlineData(210)]
    [InlineData(400)]
    [InlineData(1500)]
    public void There_are_critical_requests_enough_to_show_that_one_in_a_thousand_fails_at_most(double capacity)
    {
        var (length, perSecond) = Overload.CriticalOf(capacity);
        Assert.InRange(length.TotalSeconds * perSecond, 2995, 3200);
        Assert.InRange(length.TotalSeconds, 12, 30);
        Assert.True(perSecond <= capacity / 2, $"{perSecond}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Where_there_is_no_room_for_so_many_it_is_as_many_as_there_is(double capacity) =>
        Assert.Equal((TimeSpan.FromSeconds(30), capacity / 2), Overload.CriticalOf(capacity));
}
