using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Output;

/// <summary>
/// Keeps the newest output of one stream in a file in memory that outlives every core. A reader that lags holds the replica up for a second at
/// most; without one, the oldest bytes are overwritten: a replica never blocks because nobody reads.
/// </summary>
internal sealed class OutputRing : IOutputTarget, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ReaderPresence _reader;
    private readonly SafeFileHandle _doorbell;
    private readonly TimeProvider _time;
    private readonly byte[] _word = new byte[16];
    private long _head;
    private long _marks;
    private long _read;
    private long? _fullSince;

    /// <summary>Throws an <see cref="IOException"/> when there is no memory or no descriptor for it.</summary>
    /// <param name="reader">Whether there is a core.</param>
    /// <param name="doorbell">Rung when there is something to read.</param>
    /// <param name="time">The clock.</param>
    public OutputRing(ReaderPresence reader, SafeFileHandle doorbell, TimeProvider time)
    {
        (_reader, _doorbell, _time) = (reader, doorbell, time);
        File = Linux.MemoryFile("mainstay-output", RingLayout.FileSize);
    }

    public SafeFileHandle File { get; }

    public bool HasRoom
    {
        get
        {
            if (Fits())
                return true;
            if (!_reader.IsPresent)
            {
                // Whoever comes is waited for anew.
                _fullSince = null;
                return true;
            }

            if (_fullSince is { } since && _time.GetElapsedTime(since) >= Patience)
                return true;
            _fullSince ??= _time.GetTimestamp();
            return false;
        }
    }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var at = (int)(_head % RingLayout.Capacity);
                var piece = bytes[..Math.Min(Math.Min(bytes.Length, RingLayout.Piece), RingLayout.Capacity - at)];
                RandomAccess.Write(File, piece, RingLayout.Data + at);
                Mark();
                _head += piece.Length;
                Publish();
                bytes = bytes[piece.Length..];
            }
        }
        catch (IOException)
        {
            // No memory for these bytes: they are lost, the replica and everything else is not.
        }

        Linux.Ring(_doorbell);
    }

    public void End()
    {
        // The keeper says itself that a process has ended, after its last byte.
    }

    public void Dispose() => File.Dispose();

    private bool Fits()
    {
        if (IsRoomBefore(_read))
            return true;
        var before = _read;
        try
        {
            // Also back: a new reader begins with what the one before had read and not passed on.
            if (RandomAccess.Read(File, _word.AsSpan(0, 8), RingLayout.Read) == 8)
                _read = Math.Clamp(BitConverter.ToInt64(_word), 0, _head);
        }
        catch (IOException)
        {
            // It cannot be brought back from where it was swapped to: as if nobody read.
        }
        // One that reads at all is waited for.
        if (_read != before)
            _fullSince = null;
        return IsRoomBefore(_read);
    }

    /// <summary>For a piece more, and the one after it, which the reader expects to be overwritten any time.</summary>
    private bool IsRoomBefore(long read) => _head - read + (2 * RingLayout.Piece) <= RingLayout.Capacity;

    private void Mark()
    {
        BitConverter.TryWriteBytes(_word, _head);
        BitConverter.TryWriteBytes(_word.AsSpan(8), _time.GetUtcNow().UtcTicks);
        RandomAccess.Write(File, _word, RingLayout.Marks + (_marks % RingLayout.MarkCount * RingLayout.MarkSize));
        _marks++;
    }

    private void Publish()
    {
        BitConverter.TryWriteBytes(_word, _head);
        BitConverter.TryWriteBytes(_word.AsSpan(8), _marks);
        RandomAccess.Write(File, _word, RingLayout.Head);
    }
}
