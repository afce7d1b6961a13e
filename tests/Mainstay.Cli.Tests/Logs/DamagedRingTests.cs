using System.Buffers.Binary;
using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Tests.Logs;

/// <summary>Nobody but us writes to a ring's bytes. Should they be damaged all the same, old lines are lost, and nothing else.</summary>
public sealed class DamagedRingTests
{
    private const int Length = LogRing.HeaderSize + 1024;
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(LogRing.MagicAt, 0)]
    [InlineData(LogRing.MagicAt, LogRing.Magic + 1)]
    [InlineData(LogRing.CapacityAt, 1032)]
    [InlineData(LogRing.CapacityAt, 0)]
    [InlineData(LogRing.CapacityAt, long.MaxValue)]
    [InlineData(LogRing.TailAt, -8)]
    [InlineData(LogRing.TailAt, 1)]
    [InlineData(LogRing.TailAt, long.MaxValue)]
    [InlineData(LogRing.HeadAt, -1)]
    [InlineData(LogRing.HeadAt, 0)]
    [InlineData(LogRing.HeadAt, long.MaxValue)]
    [InlineData(LogRing.HeadAt, long.MinValue)]
    public void A_head_that_cannot_be_makes_an_empty_ring(int at, long value)
    {
        var content = Full();
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(at), value);
        Assert.Empty(Works(content));
    }

    [Fact]
    public void An_empty_ring_that_has_counted_too_far_begins_anew()
    {
        var content = Full();
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(LogRing.TailAt), long.MaxValue - 7);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(LogRing.HeadAt), long.MaxValue - 7);
        Assert.Empty(Works(content));
    }

    [Fact]
    public void A_moment_that_no_calendar_has_makes_an_empty_ring()
    {
        var ring = new RecordedBytes(Length);
        LogRing.Open(ring).Add(new("web-1", Noon, "line", false), default);
        var content = ring.Copy();
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(LogRing.HeaderSize + 8), long.MaxValue);
        Assert.Empty(Works(content));
    }

    [Fact]
    public void Another_size_than_it_was_made_with_makes_an_empty_ring() => Assert.Empty(Works([.. Full(), .. new byte[512]]));

    [Fact]
    public void Positions_of_a_damaged_ring_are_forgotten()
    {
        var content = Full();
        content.AsSpan(LogRing.HeaderSize).Fill(0xFF);
        Assert.Null(LogRing.Open(new RecordedBytes(content)).LastPosition(1));
        Assert.NotNull(LogRing.Open(new RecordedBytes(Full())).LastPosition(1));
    }

    [Fact]
    public void Killed_while_a_damaged_ring_is_cleared_it_leaves_no_ring_or_an_empty_one()
    {
        var bytes = new RecordedBytes(Length);
        LogRing.Open(bytes).Add(new("web-1", Noon, "line", false), default);
        bytes.WriteWord(LogRing.TailAt, -8);
        var kills = 0;
        bytes.Killed = left =>
        {
            kills++;
            Assert.Empty(Works(left));
        };
        LogRing.Open(bytes);
        Assert.True(kills > 3);
    }

    [Fact]
    public void Any_bytes_are_opened_and_written_to()
    {
        var chance = new Random(1);
        for (var run = 0; run < 20_000; run++)
        {
            var content = Full();
            var from = run % 2 == 0 ? 0 : LogRing.HeaderSize;
            for (var changes = chance.Next(1, 5); changes > 0; changes--)
                Change(content, chance.Next(from, content.Length - 8), chance);
            Works(content);
        }
    }

    [Fact]
    public void Records_that_are_damaged_behind_its_back_do_not_stop_the_writer()
    {
        var chance = new Random(2);
        for (var run = 0; run < 2_000; run++)
        {
            var content = Full();
            var ring = LogRing.Open(new RecordedBytes(content));
            chance.NextBytes(content.AsSpan(LogRing.HeaderSize));
            for (var i = 0; i < 20; i++)
                ring.Add(new("web-1", Noon, $"line {i}", false), default);
            _ = RingModel.Read(ring);
        }
    }

    private static void Change(byte[] content, int at, Random chance)
    {
        switch (chance.Next(4))
        {
            case 0:
                content[at] ^= (byte)(1 << chance.Next(8));
                break;
            case 1:
                BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(at & ~7), chance.NextInt64(-4096, 4096));
                break;
            case 2:
                BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(at & ~7), chance.NextInt64(long.MinValue, long.MaxValue));
                break;
            default:
                chance.NextBytes(content.AsSpan(at, chance.Next(content.Length - at)));
                break;
        }
    }

    /// <summary>More lines than fit once, so that one goes on at the start.</summary>
    private static byte[] Full()
    {
        var bytes = new RecordedBytes(Length);
        var ring = LogRing.Open(bytes);
        for (var i = 0; i < 50; i++)
            ring.Add(new("web-1", Noon.AddSeconds(i), new string('x', i), false), new(1, i + 1));
        return bytes.Copy();
    }

    /// <summary>What is found; lines written then are the last ones.</summary>
    private static IReadOnlyList<OutputLine> Works(byte[] content)
    {
        var bytes = new RecordedBytes(content);
        var ring = LogRing.Open(bytes);
        var found = RingModel.Read(ring);
        for (var i = 0; i < 30; i++)
            ring.Add(new("new", DateTimeOffset.MaxValue, $"line {i}", false), default);
        Assert.Equal("line 29", RingModel.Read(ring)[^1].Text);
        Assert.Equal(RingModel.Read(ring), RingModel.Read(LogRing.Open(bytes)));
        return found;
    }
}
