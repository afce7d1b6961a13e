using Mainstay.Keeper.Keeping;
using Mainstay.Keeper.Tests.Messages;

namespace Mainstay.Keeper.Tests.Keeping;

public sealed class HoldingsTests
{
    [Fact]
    public void What_is_held_stays_open_until_it_is_released()
    {
        using var holdings = new Holdings();
        using var witness = new Witness();
        holdings.Hold("listen/a", witness.Passed);
        Assert.True(witness.Is(holdings.Descriptors["listen/a"]));
        holdings.Release("listen/a");
        Assert.Empty(holdings.Descriptors);
        Assert.True(witness.IsClosedEverywhere());
        holdings.Release("listen/a");
    }

    [Fact]
    public void The_second_under_a_key_takes_the_place_of_the_first_which_is_closed()
    {
        using var holdings = new Holdings();
        using var first = new Witness();
        using var second = new Witness();
        holdings.Hold("key", first.Passed);
        holdings.Hold("key", second.Passed);
        Assert.True(first.IsClosedEverywhere());
        Assert.True(second.Is(Assert.Single(holdings.Descriptors).Value));
    }

    [Fact]
    public void Keys_differ_by_every_byte_and_come_in_order()
    {
        using var holdings = new Holdings();
        foreach (var key in new[] { "b", "B", "a", "ä" })
            holdings.Note(key, [1]);
        Assert.Equal(["B", "a", "b", "ä"], holdings.Notes.Keys);
    }

    [Fact]
    public void The_last_note_counts_and_an_empty_one_forgets()
    {
        using var holdings = new Holdings();
        holdings.Note("key", [1]);
        holdings.Note("key", [2, 3]);
        Assert.Equal([2, 3], holdings.Notes["key"]);
        holdings.Note("key", []);
        holdings.Note("never", []);
        Assert.Empty(holdings.Notes);
    }

    [Fact]
    public void In_the_end_everything_is_closed()
    {
        using var witness = new Witness();
        var holdings = new Holdings();
        holdings.Hold("key", witness.Passed);
        holdings.Dispose();
        holdings.Dispose();
        Assert.Empty(holdings.Descriptors);
        Assert.True(witness.IsClosedEverywhere());
    }
}
