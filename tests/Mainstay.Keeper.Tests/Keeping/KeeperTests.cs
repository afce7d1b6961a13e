using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Tests.Launching;

namespace Mainstay.Keeper.Tests.Keeping;

/// <summary>The keeper's loop with cores that are processes, whatever they do.</summary>
public sealed class KeeperTests
{
    [Fact]
    public async Task A_stop_is_the_core_s_to_do_and_its_exit_code_is_the_end()
    {
        await using var house = new KeptHouse("serve");
        await house.HearAsync("serve Welcome core 0");
        house.Stop();
        Assert.Equal(0, await house.ExitAsync());
        Assert.Contains("serve Stop 15", house.Heard);
    }

    [Fact]
    public async Task A_killed_core_is_replaced_by_one_that_is_told_what_it_noted()
    {
        await using var house = new KeptHouse("serve");
        await house.HearAsync("serve serves");
        house.Time.Advance(TimeSpan.FromSeconds(2));
        house.Kill(house.Cores[0]);
        // At once, and no faster than real time: the new one has to show in time that it lives.
        await Workshop.Until(() => house.Heard.Count(line => line == "serve Welcome core 0") == 2, "another core");
        Assert.Contains("serve Noted by serve", house.Heard);
        Assert.False(house.Exit.IsCompleted);
    }

    [Fact]
    public async Task A_core_that_never_served_and_left_nothing_ends_it_all()
    {
        await using var house = new KeptHouse("die");
        Assert.Equal(1, await house.ExitAsync());
        Assert.Single(house.Cores);
    }

    [Fact]
    public async Task Cores_that_serve_and_die_at_once_are_tried_five_times_and_then_after_each_pause()
    {
        await using var house = new KeptHouse("brief");
        await Workshop.Until(() =>
        {
            // No faster than real time: none of them may seem to have served for a second.
            house.Time.Advance(TimeSpan.FromMilliseconds(4));
            return house.Cores.Length == 5;
        }, "five cores");
        // The fifth has died; less than a pause brings no sixth.
        await Workshop.Until(() => !Workshop.IsAlive(house.Cores[4]), "the fifth one's end");
        for (var i = 0; i < 25; i++)
            house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, house.Cores.Length);
        await house.AdvanceUntilAsync(() => house.Cores.Length == 6, "the sixth");
        Assert.False(house.Exit.IsCompleted);
        // A stop while there is none: one is started to do it; as it dies too, what runs is ended without.
        await Workshop.Until(() => !Workshop.IsAlive(house.Cores[5]), "the sixth one's end");
        house.Stop();
        await house.AdvanceUntilAsync(() => house.Exit.IsCompleted, "the end");
        Assert.Equal(1, await house.ExitAsync());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("gibberish")]
    [InlineData("quiet")]
    public async Task A_core_that_cannot_be_relied_on_is_ended(string behaviour)
    {
        await using var house = new KeptHouse(behaviour);
        await Workshop.Until(() => house.Cores.Length > 0, "a core");
        await house.HearAsync($"{behaviour} Welcome core 0");
        var first = house.Cores[0];
        await house.AdvanceUntilAsync(() => !Workshop.IsAlive(first), "its end");
    }

    [Fact]
    public async Task A_second_signal_waits_for_nobody()
    {
        await using var house = new KeptHouse("hang");
        await Workshop.Until(() => house.Cores.Length == 1, "a core");
        house.Stop(Signals.Interrupt);
        house.Stop(Signals.Interrupt);
        Assert.Equal(130, await house.ExitAsync());
    }

    [Fact]
    public async Task A_successor_that_is_prepared_takes_over_and_the_old_one_leaves()
    {
        await using var house = new KeptHouse("upgrade-prepared");
        await house.HearAsync("upgrade-prepared Leave");
        Assert.Contains("prepared Welcome successor 0", house.Heard);
        Assert.Equal("upgrade-prepared HandOver", house.Heard.First(line => line.EndsWith("HandOver", StringComparison.Ordinal)));
        await Workshop.Until(() => !Workshop.IsAlive(house.Cores[0]), "the old one's end");
        house.Stop();
        Assert.Equal(0, await house.ExitAsync());
        Assert.Contains("prepared Stop 15", house.Heard);
    }

    [Fact]
    public async Task A_successor_that_dies_before_it_is_prepared_changes_nothing()
    {
        await using var house = new KeptHouse("upgrade-die");
        await house.HearAsync("upgrade-die UpgradeFailed the new core exited with code 3 before it served");
        Assert.DoesNotContain("upgrade-die HandOver", house.Heard);
        await AssertStopsAsync(house, "upgrade-die");
    }

    [Fact]
    public async Task A_successor_that_dies_after_the_hand_over_gives_back_what_it_had()
    {
        await using var house = new KeptHouse("upgrade-prepared-die");
        await house.HearAsync("upgrade-prepared-die UpgradeFailed the new core exited with code 9 before it served");
        await house.HearAsync("upgrade-prepared-die TakeOver");
        await AssertStopsAsync(house, "upgrade-prepared-die");
    }

    [Fact]
    public async Task A_successor_that_is_not_prepared_in_time_is_ended()
    {
        await using var house = new KeptHouse("upgrade-hang");
        await house.HearAsync("hang began");
        await house.AdvanceUntilAsync(
            () => house.Heard.Any(line => line.StartsWith("upgrade-hang UpgradeFailed the new core was not ready within 30 s", StringComparison.Ordinal)),
            "that it is given up");
        Assert.False(Workshop.IsAlive(house.Cores[1]));
        await AssertStopsAsync(house, "upgrade-hang");
    }

    [Fact]
    public async Task When_the_old_core_dies_meanwhile_the_successor_takes_over()
    {
        await using var house = new KeptHouse("upgrade-hang");
        await house.HearAsync("hang began");
        house.Kill(house.Cores[0]);
        await Workshop.Until(() => !Workshop.IsAlive(house.Cores[0]), "the old one's end");
        // Both: the successor never gets ready, and then there is a core of the old program again.
        await house.AdvanceUntilAsync(() => house.Cores.Length >= 3, "another core");
        Assert.False(Workshop.IsAlive(house.Cores[1]));
        Assert.False(house.Exit.IsCompleted);
    }

    [Fact]
    public async Task Whatever_core_serves_knows_of_one_that_still_finishes_and_hears_of_its_end()
    {
        await using var house = new KeptHouse("linger-prepared");
        await house.HearAsync("linger-prepared Leave");
        house.Kill(house.Cores[1]);
        await house.HearAsync("prepared Welcome core 0 beside another");
        Assert.DoesNotContain("prepared Alone", house.Heard);

        house.Kill(house.Cores[0]);

        await house.HearAsync("prepared Alone");
    }

    [Fact]
    public async Task A_successor_is_alone_once_the_old_one_has_left()
    {
        await using var house = new KeptHouse("upgrade-prepared");
        await house.HearAsync("prepared Alone");
        Assert.False(Workshop.IsAlive(house.Cores[0]));
    }

    private static async Task AssertStopsAsync(KeptHouse house, string core)
    {
        house.Stop();
        Assert.Equal(0, await house.ExitAsync());
        Assert.Contains($"{core} Stop 15", house.Heard);
    }
}
