using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Tests.Logs;

public sealed class LogRingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_comes_back_as_it_was()
    {
        var bytes = new RecordedBytes(4096);
        var line = new OutputLine("web build", Noon, "schön 日本 \U0001F600", true);
        LogRing.Open(bytes).Add(line, new(-7, long.MaxValue));
        var successor = LogRing.Open(bytes);
        Assert.Equal(line, Assert.Single(RingModel.Read(successor)));
        Assert.Equal(long.MaxValue, successor.LastPosition(-7)?.End);
        Assert.Null(successor.LastPosition(0));
    }

    [Fact]
    public void A_line_is_cut_to_a_quarter_of_the_ring_between_characters()
    {
        var ring = LogRing.Open(new RecordedBytes(LogRing.HeaderSize + 1024));
        ring.Add(new("web-1", Noon, new string('日', 500), false), default);
        Assert.Equal(new string('日', (256 - LogRecord.HeadSize - 5) / 3), Assert.Single(RingModel.Read(ring)).Text);
    }

    [Fact]
    public void A_long_name_leaves_room_for_the_text()
    {
        var ring = LogRing.Open(new RecordedBytes(1 << 16));
        ring.Add(new(new string('n', 1000), Noon, "text", false), default);
        var line = Assert.Single(RingModel.Read(ring));
        Assert.Equal((255, "text"), (line.Source.Length, line.Text));
    }

    [Fact]
    public void The_longest_line_of_a_replica_is_whole()
    {
        var ring = LogRing.Open(RingBytes.Plain(LogMemory.DefaultBytes));
        ring.Add(new("web-1", Noon, new string('x', 64 << 10), false), default);
        Assert.Equal(64 << 10, Assert.Single(RingModel.Read(ring)).Text.Length);
    }

    [Fact]
    public void What_was_pushed_out_since_the_end_was_noted_is_not_read()
    {
        var ring = LogRing.Open(new RecordedBytes(LogRing.HeaderSize + 512));
        ring.Add(new("web-1", Noon, "first", false), default);
        var (end, used) = (ring.End, ring.Used);
        for (var i = 0; i < 100; i++)
            ring.Add(new("web-1", Noon, "later", false), default);
        Assert.Equal(0, ring.CopyTo(new byte[used], end));
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var ring = LogRing.Open(RingBytes.Plain(1 << 16));
        var line = new OutputLine("web-1", Noon, new string('é', 80), false);
        ring.Add(line, new(1, 1));
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 10_000; i++)
                ring.Add(line, new(1, i + 1));
        }));
    }

    [Fact]
    public void Too_few_bytes_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LogRing.Open(new RecordedBytes(LogRing.Least - 1)));
}
