using FsCheck.Xunit;
using Mainstay.Keeper.Output;

namespace Mainstay.Keeper.Tests.Output;

/// <summary>Whatever stands in the file of a stream, reading it ends, and neither side fails.</summary>
public sealed class DamagedRingTests
{
    private static readonly int[] Words = [RingLayout.Head, RingLayout.Head + 8, RingLayout.Taken, RingLayout.Read, RingLayout.Marks, RingLayout.Marks + 8];

    [Property(Replay = "20261127,4713", MaxTest = 300)]
    public void Any_words_in_the_head_are_survived(long[] hostile, byte[] places)
    {
        using var writer = new Writer();
        writer.Feed(new byte[100_000]);
        for (var i = 0; i < Math.Min(hostile.Length, places.Length); i++)
            writer.Poke(Words[places[i] % Words.Length], hostile[i]);
        AssertEnds(writer);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(-(1L << 32) + 300_000)]
    [InlineData(1L << 40)]
    public void The_furthest_words_are_survived(long hostile)
    {
        foreach (var word in Words)
        {
            using var writer = new Writer();
            writer.Feed(new byte[100_000]);
            writer.Poke(word, hostile);
            AssertEnds(writer);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(RingLayout.Data)]
    [InlineData(RingLayout.Data + 50_000)]
    public void A_file_that_was_cut_has_what_is_left_of_it(long length)
    {
        using var writer = new Writer();
        writer.Feed(new byte[100_000]);
        RandomAccess.SetLength(writer.File, length);
        using var reader = writer.NewReader();
        var expected = length > RingLayout.Data ? length - RingLayout.Data : 0;
        Assert.Equal(expected, reader.ReadAll().Bytes.Length);
    }

    [Fact]
    public void A_writer_is_not_misled_by_a_reader_that_notes_nonsense()
    {
        foreach (var nonsense in new[] { long.MinValue, -1, long.MaxValue, 1L << 40 })
        {
            using var writer = new Writer();
            writer.Presence.IsPresent = true;
            _ = writer.FeedWhileRoom(8 << 20);
            writer.Poke(RingLayout.Read, nonsense);
            _ = writer.FeedWhileRoom(8 << 20);
            writer.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.True(writer.Ring.HasRoom);
        }
    }

    private static void AssertEnds(Writer writer)
    {
        using var reader = writer.NewReader();
        var buffer = new byte[64 * 1024];
        for (var reads = 0; ; reads++)
        {
            Assert.True(reads < 1000, "it never ends");
            if (reader.Read(buffer, out _, out var gap) == 0 && gap == 0)
                break;
        }

        // And the keeper goes on.
        _ = writer.Ring.HasRoom;
        writer.Feed(new byte[1000]);
    }
}
