using Mainstay.Keeper.Keeping;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Keeper.Tests.Keeping;

public sealed class CoreDeathsTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly FakeTimeProvider _time = new();
    private readonly CoreDeaths _deaths;

    public CoreDeathsTests() => _deaths = new(_time);

    [Fact]
    public void One_that_had_served_is_replaced_at_once_however_often()
    {
        for (var i = 0; i < 100; i++)
            Assert.Equal(TimeSpan.Zero, _deaths.Died(CoreDeaths.Proof));
    }

    [Fact]
    public void Early_deaths_wait_longer_each_time_and_the_fifth_for_the_pause()
    {
        Assert.Equal([0, 100, 200, 400, 30_000], Die(5));
    }

    [Fact]
    public void To_have_served_for_less_than_a_second_is_early()
    {
        Assert.Equal(TimeSpan.Zero, _deaths.Died(CoreDeaths.Proof - TimeSpan.FromTicks(1)));
        Assert.Equal(TimeSpan.FromMilliseconds(100), _deaths.Died(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromMilliseconds(200), _deaths.Died(null));
    }

    [Fact]
    public void Deaths_that_are_a_minute_old_do_not_count()
    {
        Assert.Equal([0, 100, 200, 400], Die(4));
        _time.Advance(CoreDeaths.Window);
        Assert.Equal([0, 100, 200, 400, 30_000], Die(5));
    }

    [Fact]
    public void Four_in_a_minute_and_a_fifth_a_moment_too_late_are_not_many()
    {
        _ = _deaths.Died(null);
        _time.Advance(CoreDeaths.Window - (3 * Moment));
        _ = Die(3);
        // The first one is just a minute old.
        Assert.Equal(TimeSpan.FromMilliseconds(400), _deaths.Died(null));
    }

    [Fact]
    public void After_five_every_further_one_waits_for_the_pause_until_a_core_has_served()
    {
        _ = Die(5);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(CoreDeaths.Pause);
            Assert.Equal(CoreDeaths.Pause, _deaths.Died(null));
        }

        Assert.Equal(TimeSpan.Zero, _deaths.Died(CoreDeaths.Proof));
        Assert.Equal([0, 100, 200, 400, 30_000], Die(5));
    }

    [Fact]
    public void One_that_served_wipes_out_the_early_deaths_before_it()
    {
        _ = Die(4);
        _ = _deaths.Died(TimeSpan.FromSeconds(5));
        Assert.Equal([0, 100], Die(2));
    }

    private int[] Die(int times) => [.. Enumerable.Range(0, times).Select(_ =>
    {
        var wait = _deaths.Died(null);
        _time.Advance(Moment);
        return (int)wait.TotalMilliseconds;
    })];
}
