using FsCheck.Xunit;
using Mainstay.Keeper.Output;

namespace Mainstay.Keeper.Tests.Output;

/// <summary>What the keeper writes and what a core reads of it.</summary>
public sealed class OutputRingTests : IDisposable
{
    private readonly Writer _writer = new();

    public void Dispose() => _writer.Dispose();

    [Property(Replay = "20261127,4713", MaxTest = 20, EndSize = 100)]
    public void A_reader_that_keeps_up_gets_every_byte_wherever_the_pieces_end(ushort[] pieces, ushort atATime)
    {
        using var writer = new Writer();
        using var reader = writer.NewReader();
        var position = 0L;
        // More than twice around.
        foreach (var size in pieces.Concat(Enumerable.Repeat((ushort)60_000, 40)))
        {
            writer.Feed(RingReading.Numbered(position, size));
            var (bytes, missing) = reader.ReadAll(2000 + (atATime % 70_000));
            Assert.Equal(0, missing);
            Assert.True(RingReading.Numbered(position, size).AsSpan().SequenceEqual(bytes));
            position += size;
        }
    }

    [Fact]
    public void Nothing_new_is_neither_bytes_nor_a_gap()
    {
        using var reader = _writer.NewReader();
        Assert.Equal(0, reader.Read(new byte[10], out _, out var gap));
        Assert.Equal(0, gap);
        _writer.Feed("abc"u8);
        Assert.Equal("abc"u8, reader.ReadAll().Bytes);
        Assert.Equal(0, reader.Read(new byte[10], out _, out gap));
        Assert.Equal((0, 3), (gap, reader.Position));
    }

    [Fact]
    public void A_late_reader_misses_the_oldest_bytes_and_is_told_how_many()
    {
        const int Written = 3 * RingLayout.Capacity + 12345;
        using var reader = _writer.NewReader();
        _writer.Feed(RingReading.Numbered(0, Written));
        var (bytes, missing) = reader.ReadAll();
        Assert.Equal(Written, missing + bytes.Length);
        Assert.InRange(bytes.Length, RingLayout.Capacity - (64 * 1024), RingLayout.Capacity);
        Assert.True(RingReading.Numbered(missing, bytes.Length).AsSpan().SequenceEqual(bytes));
        Assert.Equal(Written, reader.Position);
    }

    [Fact]
    public void A_gap_in_the_middle_is_told_where_it_is()
    {
        using var reader = _writer.NewReader();
        _writer.Feed(RingReading.Numbered(0, 1000));
        Assert.Equal(1000, reader.ReadAll().Bytes.Length);
        _writer.Feed(RingReading.Numbered(1000, 2 * RingLayout.Capacity));
        var buffer = new byte[100];
        var count = reader.Read(buffer, out _, out var gap);
        Assert.Equal(100, count);
        Assert.Equal(1000 + gap + 100, reader.Position);
        Assert.Equal(RingReading.Numbered(1000 + gap, 100), buffer);
    }

    [Fact]
    public void A_reader_goes_on_where_the_one_before_had_taken()
    {
        _writer.Feed(RingReading.Numbered(0, 10_000));
        using (var first = _writer.NewReader())
        {
            Assert.Equal(10_000, first.ReadAll().Bytes.Length);
            first.Taken(4_000);
            first.Taken(3_000); // An older receipt that comes late takes nothing back.
        }

        using var second = _writer.NewReader();
        Assert.Equal(4_000, second.Position);
        Assert.True(RingReading.Numbered(4_000, 6_000).AsSpan().SequenceEqual(second.ReadAll().Bytes));
    }

    [Fact]
    public void A_reader_that_has_gone_notes_nothing_any_more()
    {
        _writer.Feed(new byte[100]);
        var first = _writer.NewReader();
        _ = first.ReadAll();
        using var second = _writer.NewReader();
        _ = second.ReadAll();
        second.Taken(80);
        first.Dispose();
        first.Taken(90);
        Assert.Equal(80, _writer.Peek(RingLayout.Taken));
        first.Dispose();
    }

    [Fact]
    public void Bytes_that_are_being_overwritten_are_not_read()
    {
        using var reader = _writer.NewReader();
        _writer.Feed(new byte[RingLayout.Capacity]);
        // A piece of the most that is written at once, before the writer has said so.
        RandomAccess.Write(_writer.File, Enumerable.Repeat((byte)'z', 64 * 1024).ToArray(), RingLayout.Data);
        var (bytes, missing) = reader.ReadAll();
        Assert.DoesNotContain((byte)'z', bytes);
        Assert.Equal(RingLayout.Capacity, missing + bytes.Length);
    }

    [Fact]
    public async Task Under_a_flood_that_nobody_waits_for_every_byte_is_read_once_or_missed()
    {
        const long Written = 24L << 20;
        using var reader = _writer.NewReader();
        var flood = Task.Run(() =>
        {
            for (var at = 0L; at < Written; at += 60_000)
                _writer.Ring.Feed(RingReading.Numbered(at, (int)Math.Min(60_000, Written - at)));
        });
        var buffer = new byte[50_000];
        var (read, missed) = (0L, 0L);
        while (read + missed < Written)
        {
            var count = reader.Read(buffer, out _, out var gap);
            missed += gap;
            var start = reader.Position - count;
            Assert.Equal(read + missed, start);
            Assert.True(RingReading.Numbered(start, count).AsSpan().SequenceEqual(buffer.AsSpan(0, count)), $"another byte after {start}");
            read += count;
        }

        await flood;
        Assert.Equal(Written, reader.Position);
    }

    [Fact]
    public void Each_piece_has_the_time_it_was_written_at()
    {
        using var reader = _writer.NewReader();
        var first = _writer.Time.GetUtcNow();
        _writer.Feed("one"u8);
        _writer.Time.Advance(TimeSpan.FromSeconds(5));
        _writer.Feed("second"u8);
        var buffer = new byte[100];
        Assert.Equal(3, reader.Read(buffer, out var at, out _));
        Assert.Equal(first, at);
        Assert.Equal(6, reader.Read(buffer, out at, out _));
        Assert.Equal(first.AddSeconds(5), at);
    }

    [Fact]
    public void Bytes_older_than_any_mark_have_the_oldest_time_there_is()
    {
        using var reader = _writer.NewReader();
        var begin = _writer.Time.GetUtcNow();
        for (var i = 0; i < RingLayout.MarkCount + 10; i++)
        {
            _writer.Feed("x"u8);
            _writer.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var buffer = new byte[1000];
        Assert.Equal(10, reader.Read(buffer, out var at, out _));
        Assert.Equal(begin.AddSeconds(10), at);
        Assert.Equal(1, reader.Read(buffer, out at, out _));
        Assert.Equal(begin.AddSeconds(10), at);
        Assert.Equal(1, reader.Read(buffer, out at, out _));
        Assert.Equal(begin.AddSeconds(11), at);
    }

    [Fact]
    public void Without_a_reader_there_is_always_room()
    {
        Assert.Equal(8 << 20, _writer.FeedWhileRoom(8 << 20));
    }

    [Fact]
    public void A_reader_is_waited_for_for_a_second_and_then_the_oldest_bytes_go()
    {
        _writer.Presence.IsPresent = true;
        using var reader = _writer.NewReader();
        var fed = _writer.FeedWhileRoom(8 << 20);
        Assert.InRange(fed, RingLayout.Capacity / 2, RingLayout.Capacity);
        Assert.Equal((fed, 0), Sum(reader.ReadAll()));
        fed += _writer.FeedWhileRoom(8 << 20);
        _writer.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(_writer.Ring.HasRoom);
        _writer.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1 << 20, _writer.FeedWhileRoom(1 << 20));
    }

    [Fact]
    public void What_was_waited_for_is_not_lost_to_the_reader()
    {
        _writer.Presence.IsPresent = true;
        using var reader = _writer.NewReader();
        var (fed, read) = (0L, 0L);
        var buffer = new byte[1000];
        for (var i = 0; i < 3000; i++)
        {
            fed += _writer.FeedWhileRoom(8 << 20);
            read += reader.Read(buffer, out _, out var gap);
            Assert.Equal(0, gap);
        }

        Assert.Equal(fed, read + Sum(reader.ReadAll()).Read);
        Assert.InRange(read, 2 << 20, 3 << 20);
    }

    [Fact]
    public void A_reader_that_reads_at_all_is_waited_for_again()
    {
        _writer.Presence.IsPresent = true;
        using var reader = _writer.NewReader();
        for (var i = 0; i < 10; i++)
        {
            _ = _writer.FeedWhileRoom(8 << 20);
            _writer.Time.Advance(TimeSpan.FromMilliseconds(900));
            Assert.False(_writer.Ring.HasRoom);
            Assert.Equal(10, reader.Read(new byte[10], out _, out var gap));
            Assert.Equal(0, gap);
        }
    }

    [Fact]
    public void A_new_reader_has_its_own_second()
    {
        _writer.Presence.IsPresent = true;
        _ = _writer.FeedWhileRoom(8 << 20);
        _writer.Time.Advance(TimeSpan.FromSeconds(5));
        _writer.Presence.IsPresent = false;
        _ = _writer.FeedWhileRoom(2 << 20);
        _writer.Presence.IsPresent = true;
        Assert.False(_writer.Ring.HasRoom);
    }

    [Fact]
    public void A_reader_that_begins_further_back_than_the_last_one_had_read_is_waited_for()
    {
        _writer.Presence.IsPresent = true;
        var fed = _writer.FeedWhileRoom(8 << 20);
        using (var first = _writer.NewReader())
            Assert.Equal(fed, Sum(first.ReadAll()).Read); // And killed before any of it was passed on.
        using var second = _writer.NewReader();
        Assert.False(_writer.Ring.HasRoom);
        Assert.Equal((fed, 0), Sum(second.ReadAll()));
        Assert.True(_writer.Ring.HasRoom);
    }

    [Fact]
    public async Task All_is_taken_when_the_last_byte_that_was_read_is()
    {
        using var reader = _writer.NewReader();
        Assert.True(reader.AllTaken().IsCompleted);
        _writer.Feed("one\ntwo\n"u8);
        using var other = _writer.NewReader();
        _ = other.ReadAll();
        var all = other.AllTaken();
        other.Taken(4);
        Assert.False(all.IsCompleted);
        other.Taken(8);
        await all.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static (long Read, long Missing) Sum((byte[] Bytes, long Missing) all) => (all.Bytes.Length, all.Missing);
}
