using System.Text;
using FsCheck.Xunit;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Output;

namespace Mainstay.Keeper.Tests.Output;

[Properties(Replay = "20261127,4715", MaxTest = 300, EndSize = 300)]
public sealed class OutputLinesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Property]
    public void Lines_are_the_same_wherever_the_pieces_end(byte[] output, byte[] pieces)
    {
        // Line feeds and carriage returns are rare among bytes of chance.
        var bytes = output.Select(value => value % 5 == 0 ? (byte)'\n' : value % 7 == 0 ? (byte)'\r' : value).ToArray();
        Assert.Equal(Cut(bytes, [255]), Cut(bytes, pieces));
    }

    [Property]
    public void Every_byte_is_in_a_line_or_ends_one(string?[] texts)
    {
        string[] lines = [.. texts.Select(text => string.Concat((text ?? "").Where(letter => letter is not ('\n' or '\r')).Take(100)))];
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        var cut = Cut(bytes, [7]);
        Assert.Equal(lines.Select(line => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line))), cut.Select(line => line.Text));
        Assert.Equal(bytes.Length, lines.Length == 0 ? 0 : cut[^1].Position.End);
    }

    [Property(MaxTest = 30)]
    public void Long_lines_are_split_and_nothing_of_them_is_lost(ushort before, byte[] pieces)
    {
        // Four bytes, three, two and one in turn, so that the limit falls everywhere in a character.
        var text = new string('x', before % 7) + string.Concat(Enumerable.Repeat("🙂€é\r", 20_000));
        var bytes = Encoding.UTF8.GetBytes(text + "end\n");
        var cut = Cut(bytes, [.. pieces, 255, 254], scale: 300);
        Assert.Equal(text + "end", string.Concat(cut.Select(line => line.Text)));
        Assert.All(cut, line => Assert.True(Encoding.UTF8.GetByteCount(line.Text) <= OutputLines.Limit));
        Assert.Equal(bytes.Length, cut[^1].Position.End);
    }

    [Fact]
    public void Each_line_knows_where_it_ended()
    {
        var seen = new List<ProcessLine>();
        var lines = Lines(seen, start: 1000);
        lines.Feed("one\n\ntwo\r\nres"u8, Noon);
        lines.Feed("t"u8, Noon);
        lines.Flush(Noon);
        Assert.Equal([1004, 1005, 1010, 1014], seen.Select(line => line.Position.End));
        Assert.All(seen, line => Assert.Equal(42, line.Position.Stream));
    }

    [Fact]
    public void Where_bytes_are_missing_what_was_begun_is_a_line_and_the_next_one_starts_beyond()
    {
        var seen = new List<ProcessLine>();
        var lines = Lines(seen);
        lines.Feed("whole\nbegun"u8, Noon);
        lines.Skip(5000, Noon.AddSeconds(1));
        lines.Skip(6000, Noon.AddSeconds(1));
        lines.Feed("rest\n"u8, Noon.AddSeconds(2));
        Assert.Equal([("whole", 6), ("begun", 11), ("rest", 6005)], seen.Select(line => (line.Text, line.Position.End)));
        Assert.Equal(Noon.AddSeconds(1), seen[1].At);
    }

    [Fact]
    public void A_line_has_the_time_of_its_last_piece()
    {
        var seen = new List<ProcessLine>();
        var lines = Lines(seen);
        lines.Feed("be"u8, Noon);
        lines.Feed("gun\nnext\n"u8, Noon.AddSeconds(3));
        Assert.All(seen, line => Assert.Equal(Noon.AddSeconds(3), line.At));
    }

    [Fact]
    public void A_sink_that_throws_is_spoken_of_once_and_asked_again()
    {
        var (calls, warnings) = (0, new List<string>());
        var sink = new Sink(_ => throw new InvalidOperationException($"full {++calls}"));
        var lines = new OutputLines("web-1", isError: false, sink, stream: 1, start: 0, warnings.Add);
        lines.Feed("a\nb\nc\n"u8, Noon);
        Assert.Equal(3, calls);
        Assert.Equal("output of web-1 is lost: full 1", Assert.Single(warnings));
    }

    [Fact]
    public void Without_a_stream_no_place_is_claimed()
    {
        var seen = new List<ProcessLine>();
        new OutputLines("web-1", isError: true, new Sink(seen.Add), stream: 0, start: 0, _ => { }).Feed("a\n"u8, Noon);
        Assert.False(Assert.Single(seen).Position.IsKnown);
    }

    private static List<ProcessLine> Cut(ReadOnlySpan<byte> bytes, byte[] pieces, int scale = 1)
    {
        var seen = new List<ProcessLine>();
        var lines = Lines(seen);
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var size = Math.Min(bytes.Length, pieces.Length == 0 ? 1 : pieces[i % pieces.Length] * scale);
            lines.Feed(bytes[..size], Noon);
            bytes = bytes[size..];
            if (pieces.All(piece => piece == 0))
                pieces = [1];
        }

        lines.Flush(Noon);
        return seen;
    }

    private static OutputLines Lines(List<ProcessLine> seen, long start = 0) =>
        new("web-1", isError: false, new Sink(seen.Add), stream: 42, start, _ => { });

    private sealed class Sink(Action<ProcessLine> write) : IOutputSink
    {
        public void Write(in ProcessLine line) => write(line);
    }
}
