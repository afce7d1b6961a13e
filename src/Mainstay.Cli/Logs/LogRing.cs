using System.Numerics;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;

namespace Mainstay.Cli.Logs;

/// <summary>
/// The newest output of one service in a fixed number of bytes, which may be those of a kept file: the process that writes may be killed
/// at any moment, and the next one finds whole lines in their order. Not thread-safe: <see cref="LogMemory"/>'s lock covers it.
/// </summary>
/// <remarks>
/// A head of 64 bytes (magic and version, capacity, tail, head), then the records. Tail and head count bytes from the ring's first line on and
/// only grow; a record stands at its count modulo the capacity, so one may go on at the start. A line is added by moving the tail past what
/// it will overwrite, writing the record, moving the head: whatever is between tail and head is whole at every moment.
/// </remarks>
internal sealed class LogRing
{
    internal const int HeaderSize = 64;
    internal const long Magic = 0x31_474F4C_59414D; // "MAYLOG1": another layout gets another number
    internal const int MagicAt = 0;
    internal const int CapacityAt = 8;
    internal const int TailAt = 16;
    internal const int HeadAt = 24;

    /// <summary>The fewest bytes a ring can do with.</summary>
    internal const int Least = HeaderSize + 512;

    /// <summary>What is read is copied whole.</summary>
    private const long MostCapacity = 1 << 30;

    /// <summary>More bytes than are ever written: such a head would soon run over.</summary>
    private const long Furthest = 1L << 62;

    private readonly IRingBytes _bytes;
    private readonly long _capacity;
    private StreamPositions _positions = new();
    private byte[] _record = new byte[512];
    private long _tail;
    private long _head;

    private LogRing(IRingBytes bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, Least);
        _bytes = bytes;
        _capacity = Math.Min(bytes.Length - HeaderSize, MostCapacity) & ~7;
    }

    /// <summary>Bytes of records.</summary>
    public long Used => _head - _tail;

    /// <summary>Where the newest line ends; grows with every line.</summary>
    public long End => _head;

    /// <summary>The longest record: a line that needs more is cut.</summary>
    private int LongestRecord => (int)(_capacity / 4) & ~7;

    /// <summary>The ring in these bytes, with the lines that are in it. Bytes that hold no ring, or a damaged one, become an empty one.</summary>
    public static LogRing Open(IRingBytes bytes)
    {
        var ring = new LogRing(bytes);
        ring.Reread();
        return ring;
    }

    /// <summary>Goes on where another process, which wrote in the same bytes meanwhile, has ended.</summary>
    public void Reread()
    {
        _positions = new();
        if (TryRecover())
            return;
        _positions = new();
        Clear();
    }

    public void Add(OutputLine line, LinePosition position)
    {
        var size = Encode(line, position);
        MakeRoom(size);
        WriteAround(_record.AsSpan(0, size));
        _head += size;
        _bytes.WriteWord(HeadAt, _head);
        _positions.Saw(position, _head);
    }

    /// <summary>The furthest position that a remembered line of a stream has.</summary>
    public LinePosition? LastPosition(long stream) => _positions.Last(stream);

    /// <summary>Copies the records that are still there, oldest first, up to an earlier <see cref="End"/>; the number of bytes.</summary>
    /// <param name="into">At least <see cref="Used"/> bytes, as it was at that end.</param>
    public int CopyTo(Span<byte> into, long end)
    {
        var count = (int)Math.Max(0, end - _tail);
        ReadAround(_tail, into[..count]);
        return count;
    }

    private int Encode(OutputLine line, LinePosition position)
    {
        var room = (int)Math.Min(LogRecord.RoomFor(line), LongestRecord);
        if (room > _record.Length)
            _record = new byte[BitOperations.RoundUpToPowerOf2((uint)room)];
        return LogRecord.Write(_record.AsSpan(0, room), line, position, LongestRecord / 8);
    }

    private void MakeRoom(int size)
    {
        var tail = _tail;
        while (_head + size - tail > _capacity)
        {
            var oldest = LogRecord.SizeOf(_bytes.ReadWord(Place(tail)));
            // Only we write here; should it be damaged all the same, a line must not cost an endless loop.
            tail = oldest == 0 || oldest > _head - tail ? _head : tail + oldest;
        }
        if (tail == _tail)
            return;
        _tail = tail;
        _bytes.WriteWord(TailAt, tail);
    }

    private bool TryRecover()
    {
        if (_bytes.ReadWord(MagicAt) != Magic || _bytes.ReadWord(CapacityAt) != _capacity)
            return false;
        var (tail, head) = (_bytes.ReadWord(TailAt), _bytes.ReadWord(HeadAt));
        if (tail < 0 || head < tail || head > Furthest || head - tail > _capacity || ((tail | head) & 7) != 0)
            return false;
        Span<byte> start = stackalloc byte[LogRecord.HeadSize];
        for (var at = tail; at < head;)
        {
            var size = LogRecord.SizeOf(_bytes.ReadWord(Place(at)));
            if (size == 0 || size > LongestRecord || size > head - at)
                return false;
            ReadAround(at, start);
            if (!LogRecord.IsTime(LogRecord.TicksOf(start)))
                return false;
            at += size;
            _positions.Saw(LogRecord.PositionOf(start), at);
        }
        (_tail, _head) = (tail, head);
        return true;
    }

    private void Clear()
    {
        // Without its magic it is no ring until all of it is there.
        _bytes.WriteWord(MagicAt, 0);
        _bytes.WriteWord(CapacityAt, _capacity);
        _bytes.WriteWord(TailAt, 0);
        _bytes.WriteWord(HeadAt, 0);
        _bytes.WriteWord(MagicAt, Magic);
        (_tail, _head) = (0, 0);
    }

    private void WriteAround(ReadOnlySpan<byte> record)
    {
        var place = Place(_head);
        var fits = (int)Math.Min(record.Length, HeaderSize + _capacity - place);
        _bytes.Write(place, record[..fits]);
        if (fits < record.Length)
            _bytes.Write(HeaderSize, record[fits..]);
    }

    private void ReadAround(long at, Span<byte> into)
    {
        var place = Place(at);
        var there = (int)Math.Min(into.Length, HeaderSize + _capacity - place);
        _bytes.Read(place, into[..there]);
        if (there < into.Length)
            _bytes.Read(HeaderSize, into[there..]);
    }

    private long Place(long at) => HeaderSize + (at % _capacity);
}
