using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Cli.Logs;

/// <summary>
/// A ring's bytes in mapped or plain memory. Mapped, because a line then costs a copy instead of system calls, and because what was stored
/// stays in the kernel's page when this process is killed. Released when nothing refers to it any more; rings live as long as the process.
/// </summary>
internal sealed unsafe class RingBytes : IRingBytes
{
    private readonly SafeBuffer _buffer;
    private readonly byte* _first;

    private RingBytes(SafeBuffer buffer, long length)
    {
        _buffer = buffer;
        _first = (byte*)buffer.DangerousGetHandle();
        Length = length;
    }

    public long Length { get; }

    public static RingBytes Plain(long size) => new(new PlainBuffer(size), size);

    /// <summary>Maps a file and closes it; null when it is shorter than promised or cannot be mapped.</summary>
    public static RingBytes? Map(SafeFileHandle file, long size)
    {
        using (file)
        {
            try
            {
                // Storing beyond the end of a file is a signal that ends the process (and .NET would lengthen the file instead of failing).
                if (RandomAccess.GetLength(file) < size)
                    return null;
                using var mapped = MemoryMappedFile.CreateFromFile(
                    file, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
                // Not disposed: that would write back a file that is nothing but memory. Its handle, which is kept, releases the memory.
                return new(mapped.CreateViewAccessor(0, size).SafeMemoryMappedViewHandle, size);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                return null;
            }
        }
    }

    public void Read(long at, Span<byte> into)
    {
        Check(at, into.Length);
        new ReadOnlySpan<byte>(_first + at, into.Length).CopyTo(into);
        GC.KeepAlive(_buffer);
    }

    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        Check(at, bytes.Length);
        bytes.CopyTo(new Span<byte>(_first + at, bytes.Length));
        GC.KeepAlive(_buffer);
    }

    public long ReadWord(long at)
    {
        Check(at, sizeof(long));
        var value = *(long*)(_first + at);
        GC.KeepAlive(_buffer);
        return value;
    }

    public void WriteWord(long at, long value)
    {
        Check(at, sizeof(long));
        // What was written before must be there when the word is; what is written after must not be there without it.
        Volatile.WriteBarrier();
        *(long*)(_first + at) = value;
        Volatile.WriteBarrier();
        GC.KeepAlive(_buffer);
    }

    /// <summary>Beyond these bytes lies memory of others: a mistake of ours must end in an exception.</summary>
    private void Check(long at, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(at);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - at);
    }
}
