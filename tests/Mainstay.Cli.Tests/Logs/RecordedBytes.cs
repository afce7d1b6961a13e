using System.Buffers.Binary;
using Mainstay.Cli.Logs;

namespace Mainstay.Cli.Tests.Logs;

/// <summary>A ring's bytes as a successor could find them: shows every state that a kill would leave behind.</summary>
internal sealed class RecordedBytes(byte[] content) : IRingBytes
{
    /// <summary>More than any test needs for one call of the ring: who asks for more never ends.</summary>
    private const int MostOperations = 100_000;

    private int _operations;

    public RecordedBytes(int length)
        : this(new byte[length])
    {
    }

    public long Length => content.Length;

    /// <summary>Called with a copy after each write, and for writes that are not atomic also in their middle.</summary>
    public Action<byte[]>? Killed { get; set; }

    public byte[] Copy() => [.. content];

    public void Read(long at, Span<byte> into)
    {
        Count();
        content.AsSpan((int)at, into.Length).CopyTo(into);
    }

    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        Count();
        foreach (var part in new[] { bytes.Length / 3, bytes.Length })
        {
            bytes[..part].CopyTo(content.AsSpan((int)at));
            Killed?.Invoke(Copy());
        }
    }

    public long ReadWord(long at)
    {
        Count();
        Assert.Equal(0, at % 8);
        return BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan((int)at));
    }

    public void WriteWord(long at, long value)
    {
        Count();
        Assert.Equal(0, at % 8);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan((int)at), value);
        Killed?.Invoke(Copy());
    }

    private void Count() => Assert.True(++_operations < MostOperations, "It does not end.");
}
