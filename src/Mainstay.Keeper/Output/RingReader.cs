using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Output;

/// <summary>Reads what the keeper wrote of one stream, from where the last core had finished with it. One thread; <see cref="Taken"/> from any.</summary>
internal sealed class RingReader : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly byte[] _header = new byte[RingLayout.Data];
    private readonly Lock _noting = new();
    private long _taken;
    private bool _disposed;
    private TaskCompletionSource? _allTaken;

    public RingReader(SafeFileHandle file)
    {
        _file = file;
        ReadHeader();
        _taken = Position = Math.Clamp(Word(RingLayout.Taken), 0, Math.Max(0, Word(RingLayout.Head)));
        Write(RingLayout.Read, Position);
    }

    /// <summary>Where the next byte stands.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Reads on. Nothing when there is nothing new; a gap when bytes were overwritten before they were read: then
    /// <see cref="Position"/> has moved beyond them.
    /// </summary>
    /// <param name="buffer">Filled.</param>
    /// <param name="at">When the bytes were written by the replica, nearly.</param>
    /// <param name="gap">Bytes that are missing before these.</param>
    public int Read(Span<byte> buffer, out DateTimeOffset at, out long gap)
    {
        ReadHeader();
        var head = Word(RingLayout.Head);
        gap = Math.Max(0, Oldest(head) - Position);
        Position += gap;
        var start = (int)(Position % RingLayout.Capacity);
        var wanted = (int)Math.Clamp(head - Position, 0, Math.Min(buffer.Length, RingLayout.Capacity - start));
        at = TimeOf(Position, ref wanted);
        if (wanted <= 0)
            return 0;
        var count = RandomAccess.Read(_file, buffer[..wanted], RingLayout.Data + start);
        // Overwritten while it was read: what was read may be of two times.
        ReadHeader();
        var lost = Oldest(Word(RingLayout.Head)) - Position;
        if (lost > 0)
        {
            gap += lost;
            Position += lost;
            return 0;
        }

        Position += count;
        Write(RingLayout.Read, Position);
        return count;
    }

    /// <summary>Everything up to here need not be read again.</summary>
    public void Taken(long position)
    {
        lock (_noting)
        {
            if (_disposed || position <= _taken)
                return;
            _taken = position;
            Write(RingLayout.Taken, position);
            if (position >= Position)
                _allTaken?.TrySetResult();
        }
    }

    /// <summary>Completes when all that was read has been taken. Only when nothing more is read.</summary>
    public Task AllTaken()
    {
        lock (_noting)
        {
            _allTaken ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_taken >= Position)
                _allTaken.TrySetResult();
            return _allTaken.Task;
        }
    }

    public void Dispose()
    {
        lock (_noting)
        {
            _disposed = true;
            _file.Dispose();
        }
    }

    /// <summary>Where the bytes begin that are surely not being overwritten.</summary>
    private static long Oldest(long head) => Math.Max(0, head) - (RingLayout.Capacity - RingLayout.Piece);

    private void ReadHeader()
    {
        var read = RandomAccess.Read(_file, _header, 0);
        if (read < _header.Length)
            _header.AsSpan(read).Clear();
    }

    private long Word(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_header.AsSpan(offset));

    private void Write(int offset, long value)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(word, value);
        RandomAccess.Write(_file, word, offset);
    }

    /// <summary>The time of the piece that holds the position; at most the rest of that piece is wanted then, as the next one has another time.</summary>
    private DateTimeOffset TimeOf(long position, ref int wanted)
    {
        var (best, ticks, next, later) = (-1L, 0L, long.MaxValue, 0L);
        var marks = (int)Math.Clamp(Word(RingLayout.Head + 8), 0, RingLayout.MarkCount);
        for (var i = 0; i < marks; i++)
        {
            var start = Word(RingLayout.Marks + (i * RingLayout.MarkSize));
            var time = Word(RingLayout.Marks + (i * RingLayout.MarkSize) + 8);
            if (start <= position && start > best)
                (best, ticks) = (start, time);
            else if (start > position && start < next)
                (next, later) = (start, time);
        }

        wanted = (int)Math.Min(wanted, next - position);
        // The mark of very old bytes may have been overwritten: then the oldest there is.
        var known = best >= 0 ? ticks : later;
        return new(Math.Clamp(known, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }
}
