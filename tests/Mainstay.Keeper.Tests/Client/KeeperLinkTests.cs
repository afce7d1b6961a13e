using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Platform;
using Mainstay.Keeper.Tests.Launching;
using Mainstay.Keeper.Tests.Messages;

namespace Mainstay.Keeper.Tests.Client;

public sealed class KeeperLinkTests : IDisposable
{
    private readonly FakeKeeper _keeper = new();

    public void Dispose() => _keeper.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_core_learns_what_it_is_and_what_is_kept(bool isSuccessor)
    {
        using var witness = new Witness();
        _keeper.Hold("listen/a", witness.Passed);
        _keeper.Note("manifest", [1, 2]);
        _keeper.Keep(3, "web-1", [9]);
        await _keeper.GreetAsync(isSuccessor);
        Assert.Equal(isSuccessor, _keeper.Link.IsSuccessor);
        Assert.Equal([1, 2], _keeper.Link.Read("manifest"));
        Assert.Null(_keeper.Link.Read("other"));
        Assert.Equal(["listen/a"], _keeper.Link.HeldKeys);
        var kept = Assert.Single(_keeper.Link.Launcher.Kept);
        Assert.Equal("web-1", kept.Name);
        Assert.Equal([9], kept.Label.ToArray());
        using var taken = _keeper.Link.Take("listen/a")!;
        Assert.True(witness.Is(taken));
        Assert.Null(_keeper.Link.Take("listen/a"));
        Assert.Empty(_keeper.Link.HeldKeys);
    }

    [Fact]
    public async Task A_stop_that_came_before_the_core_is_told_at_the_greeting()
    {
        await _keeper.GreetAsync(stop: Signals.Terminate);
        Assert.Equal("stop 15", _keeper.NextWish());
    }

    [Fact]
    public async Task Wishes_come_in_order()
    {
        await _keeper.GreetAsync();
        _keeper.Say(MessageKind.HandOver, _ => { });
        _keeper.Say(MessageKind.UpgradeFailed, body => body.Write("it hung"));
        _keeper.TakeOver();
        _keeper.Say(MessageKind.Leave, _ => { });
        _keeper.Say(MessageKind.Stop, body => body.Write(2));
        Assert.Equal(["hand over", "failed: it hung", "take over", "leave", "stop 2"], Enumerable.Range(0, 5).Select(_ => _keeper.NextWish()).ToArray());
    }

    [Fact]
    public async Task An_inventory_that_is_told_anew_replaces_what_was_not_taken_up()
    {
        using var first = new Witness();
        using var second = new Witness();
        _keeper.Hold("listen/a", first.Passed);
        _keeper.Keep(1, "web-1", []);
        await _keeper.GreetAsync();
        _keeper.Hold("listen/b", second.Passed);
        _keeper.Keep(2, "web-2", []);
        _keeper.TakeOver();
        Assert.Equal("take over", _keeper.NextWish());
        Assert.Equal(["listen/b"], _keeper.Link.HeldKeys);
        Assert.Equal(["web-2"], _keeper.Link.Launcher.Kept.Select(kept => kept.Name));
        Assert.True(first.IsClosedEverywhere());
    }

    [Fact]
    public async Task Notes_are_read_as_written_and_passed_on_in_order()
    {
        await _keeper.GreetAsync();
        for (byte i = 1; i <= 50; i++)
            _keeper.Link.Write("note", [i]);
        Assert.Equal([50], _keeper.Link.Read("note"));
        _keeper.Link.Write("note", []);
        Assert.Null(_keeper.Link.Read("note"));
        for (byte i = 1; i <= 50; i++)
        {
            using var body = _keeper.Hear(MessageKind.Note).Read();
            Assert.Equal("note", body.ReadString());
            Assert.Equal([i], body.ReadBytesWithLength());
        }
    }

    [Fact]
    public async Task A_kept_file_is_found_again_and_one_of_another_size_is_made_anew()
    {
        const string Key = "logs/web";
        using var kept = Linux.MemoryFile(Key, 4096);
        RandomAccess.Write(kept, "old"u8, 0);
        _keeper.Hold(Key, kept);
        await _keeper.GreetAsync();
        using var found = _keeper.Link.OpenFile(Key, 4096)!;
        Assert.Equal((byte)'o', First(found));
        Assert.True(_keeper.HasHeardNothing);

        _keeper.Hold(Key, kept);
        _keeper.TakeOver();
        Assert.Equal("take over", _keeper.NextWish());
        using var grown = _keeper.Link.OpenFile(Key, 8192)!;
        Assert.Equal((8192, 0), (RandomAccess.GetLength(grown), First(grown)));
        var held = _keeper.Hear(MessageKind.Hold);
        RandomAccess.Write(held.Descriptors[0], "new"u8, 0);
        Assert.Equal((byte)'n', First(grown));
        held.CloseDescriptors();
    }

    [Fact]
    public async Task A_refusal_is_an_exception_with_the_keeper_s_words()
    {
        await _keeper.GreetAsync();
        var settling = _keeper.Link.SettleAsync("/state");
        using (var body = _keeper.Hear(MessageKind.Home).Read())
        {
            var request = body.ReadInt32();
            Assert.Equal("/state", body.ReadString());
            _keeper.Say(MessageKind.Done, answer => answer.Write(request + 1000)); // Of nobody.
            _keeper.Say(MessageKind.Refused, answer =>
            {
                answer.Write(request);
                answer.Write("another Mainstay runs");
            });
        }

        var refused = await Assert.ThrowsAsync<LaunchException>(() => settling.WaitAsync(Workshop.Deadline));
        Assert.Equal("another Mainstay runs", refused.Message);
    }

    [Fact]
    public async Task Messages_of_a_newer_keeper_are_passed_over_and_their_descriptors_closed()
    {
        using var witness = new Witness();
        await _keeper.GreetAsync();
        _keeper.Say((MessageKind)200, body => body.Write("?"), witness.Passed);
        _keeper.Say(MessageKind.Held, body => body.Write("two"), witness.Passed, witness.Passed);
        _keeper.Say(MessageKind.Leave, _ => { });
        Assert.Equal("leave", _keeper.NextWish());
        Assert.True(witness.IsClosedEverywhere());
    }

    [Fact]
    public async Task A_core_learns_that_its_keeper_has_gone()
    {
        await _keeper.GreetAsync();
        _keeper.Die();
        await _keeper.Lost.Task.WaitAsync(Workshop.Deadline);
        // And saying something then is no failure.
        _keeper.Link.Alive();
        _keeper.Link.Write("note", [1]);
    }

    private static int First(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var first = new byte[1];
        Assert.Equal(1, RandomAccess.Read(file, first, 0));
        return first[0];
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, null, true)] // by a keeper that does not say it
    [InlineData(true, null, false)]
    public async Task A_core_learns_whether_another_one_still_finishes_what_it_serves(bool isSuccessor, bool? said, bool isAlone)
    {
        using var keeper = new FakeKeeper();
        await keeper.GreetAsync(isSuccessor, isAlone: said);
        Assert.Equal(isAlone, keeper.Link.IsAlone);
    }

    [Fact]
    public async Task What_is_released_is_not_open_here_either()
    {
        using var keeper = new FakeKeeper();
        using var file = File.OpenHandle("/dev/null");
        keeper.Hold("listen/a", file);
        await keeper.GreetAsync();
        keeper.Link.Release("listen/a");
        Assert.Empty(keeper.Link.HeldKeys);
        Assert.Null(keeper.Link.Take("listen/a"));
    }
}
