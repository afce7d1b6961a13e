using System.Text;
using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;

namespace Mainstay.Cli.Tests.Logs;

/// <summary>What chance says: a text of this many bytes or so, by one of a few replicas.</summary>
public sealed record Said(byte Source, string? Text, byte Times, bool IsError, bool IsKnown)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    internal OutputLine Line(int number) => new(
        $"web-{Source % 5}", Noon.AddTicks(number), $"{number} " + string.Concat(Enumerable.Repeat(Text ?? "é", Times % 48)), IsError);

    internal LinePosition Position(int number) => IsKnown ? new(Source % 5, number + 1) : default;
}

/// <summary>The same ring, as a queue.</summary>
internal sealed class RingModel(int capacity)
{
    private readonly Queue<(OutputLine Line, int Size)> _lines = new();
    private int _used;

    public IEnumerable<OutputLine> Lines => _lines.Select(line => line.Line);

    public void Add(OutputLine line)
    {
        var kept = line with { Text = Cut(line.Text, (capacity / 4 & ~7) - LogRecord.HeadSize - line.Source.Length) };
        var size = LogRecord.HeadSize + kept.Source.Length + Encoding.UTF8.GetByteCount(kept.Text) + 7 & ~7;
        while (_used + size > capacity)
            _used -= _lines.Dequeue().Size;
        _lines.Enqueue((kept, size));
        _used += size;
    }

    public static IReadOnlyList<OutputLine> Read(LogRing ring)
    {
        var copy = new byte[ring.Used];
        Assert.Equal(copy.Length, ring.CopyTo(copy, ring.End));
        var records = new LogRecords(null);
        records.Add(copy);
        return [.. records.InOrder];
    }

    /// <summary>As much of the text as these bytes of UTF-8 hold, halves of characters replaced.</summary>
    private static string Cut(string text, int bytes)
    {
        var cut = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            cut.Append(rune.ToString());
        }
        return cut.ToString();
    }
}
