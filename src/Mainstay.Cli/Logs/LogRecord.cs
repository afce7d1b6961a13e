using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;

namespace Mainstay.Cli.Logs;

/// <summary>
/// A line as bytes, its size a multiple of 8: a first word (text bytes: 4, source bytes: 1, flags: 1, mark: 2), UTC ticks, stream,
/// end in the stream (0: not known), source and text in UTF-8.
/// </summary>
internal static class LogRecord
{
    public const int HeadSize = 32;
    public const int MostSourceBytes = byte.MaxValue;

    private const int TimeAt = 8;
    private const int StreamAt = 16;
    private const int EndAt = 24;
    private const int ErrorFlag = 1;

    /// <summary>Makes bytes that are no record likely to be noticed.</summary>
    private const long Mark = 0x4C4D;

    /// <summary>Bytes in which a line can be written whole.</summary>
    public static long RoomFor(OutputLine line) => Align((long)HeadSize + MostSourceBytes + Encoding.UTF8.GetByteCount(line.Text));

    /// <summary>Writes the line, cut to what there is room for. The size of the record.</summary>
    /// <param name="into">A multiple of 8 bytes.</param>
    /// <param name="mostSource">Bytes of the source at most; fewer than there are beyond the record's head.</param>
    public static int Write(Span<byte> into, OutputLine line, LinePosition position, int mostSource)
    {
        // A surrogate without its other half becomes a replacement character.
        Utf8.FromUtf16(line.Source, into.Slice(HeadSize, Math.Min(MostSourceBytes, mostSource)), out _, out var source);
        Utf8.FromUtf16(line.Text, into[(HeadSize + source)..], out _, out var text);
        BinaryPrimitives.WriteInt64LittleEndian(into, FirstWord(source, text, line.IsError));
        BinaryPrimitives.WriteInt64LittleEndian(into[TimeAt..], line.At.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(into[StreamAt..], position.IsKnown ? position.Stream : 0);
        BinaryPrimitives.WriteInt64LittleEndian(into[EndAt..], position.IsKnown ? position.End : 0);
        var end = HeadSize + source + text;
        var size = (int)Align(end);
        into[end..size].Clear();
        return size;
    }

    /// <summary>The size of the record that begins with this word; 0 when none does.</summary>
    public static long SizeOf(long firstWord)
    {
        var text = (int)firstWord;
        return text < 0 || firstWord >>> 48 != Mark || (Flags(firstWord) & ~ErrorFlag) != 0 ? 0 : Align((long)HeadSize + SourceBytes(firstWord) + text);
    }

    public static bool IsTime(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    public static long TicksOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[TimeAt..]);

    public static LinePosition PositionOf(ReadOnlySpan<byte> record) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(record[StreamAt..]), BinaryPrimitives.ReadInt64LittleEndian(record[EndAt..]));

    public static bool IsErrorOf(ReadOnlySpan<byte> record) => (Flags(BinaryPrimitives.ReadInt64LittleEndian(record)) & ErrorFlag) != 0;

    public static ReadOnlySpan<byte> SourceOf(ReadOnlySpan<byte> record) =>
        record.Slice(HeadSize, SourceBytes(BinaryPrimitives.ReadInt64LittleEndian(record)));

    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> record)
    {
        var first = BinaryPrimitives.ReadInt64LittleEndian(record);
        return record.Slice(HeadSize + SourceBytes(first), (int)first);
    }

    private static long FirstWord(int source, int text, bool isError) => (uint)text | ((long)source << 32) | ((isError ? (long)ErrorFlag : 0) << 40) | (Mark << 48);

    private static int SourceBytes(long firstWord) => (byte)(firstWord >>> 32);

    private static int Flags(long firstWord) => (byte)(firstWord >>> 40);

    private static long Align(long size) => (size + 7) & ~7L;
}
