namespace Mainstay.Keeper.Tests.Messages;

/// <summary>What no channel of ours says. It ends the conversation, costs no memory, and leaves no descriptor open.</summary>
public sealed class HostileMessageTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData((16 << 20) + 1)]
    [InlineData(int.MaxValue)]
    public void A_length_that_no_message_has_is_not_understood(int length) => AssertNotUnderstood(RawEnd.Head(length, descriptors: 1));

    [Fact]
    public void A_message_that_is_cut_in_its_body_is_none() => AssertNotUnderstood([.. RawEnd.Head(100, descriptors: 1), 1, 2, 3], isGarbled: false);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_message_that_is_cut_in_its_head_is_none(int bytes) => AssertNotUnderstood(RawEnd.Head(0, descriptors: 1)[..bytes], isGarbled: false);

    [Fact]
    public void Descriptors_that_the_head_does_not_speak_of_are_closed() => AssertNotUnderstood(RawEnd.Head(0));

    [Fact]
    public void Descriptors_that_the_head_promises_and_that_do_not_come_are_missed() => AssertNotUnderstood(RawEnd.Head(0, descriptors: 2));

    [Fact]
    public void More_descriptors_than_there_is_room_for_leave_none_open() => AssertNotUnderstood(RawEnd.Head(0, descriptors: 100), descriptors: 100);

    [Fact]
    public void An_unknown_kind_is_passed_on_for_the_receiver_to_pass_over()
    {
        var (channel, raw) = RawEnd.Pair();
        using (channel)
        using (raw)
        {
            raw.Send(RawEnd.Head(0, kind: 250));
            Assert.Equal(250, (byte)channel.Receive()!.Kind);
        }
    }

    private static void AssertNotUnderstood(byte[] bytes, int descriptors = 1, bool isGarbled = true)
    {
        var (channel, raw) = RawEnd.Pair();
        using (channel)
        using (var witness = new Witness())
        {
            raw.Send(bytes, Enumerable.Repeat(witness.Passed, descriptors).ToArray());
            raw.Dispose();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(channel.Receive());
            Assert.Equal(isGarbled, channel.IsGarbled);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
            Assert.True(witness.IsClosedEverywhere());
        }
    }
}
