using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mainstay.Edge.Identifying;

/// <summary>
/// Makes ids that are unique: a counter, scrambled by a key that each process draws anew. Cheaper than drawing random bytes for each
/// request; not a secret. Thread-safe.
/// </summary>
internal sealed class RequestIds
{
    private readonly ulong _highKey = Draw();
    private readonly ulong _lowKey = Draw();
    private ulong _count;

    /// <summary>Never zero.</summary>
    public UInt128 Next()
    {
        var count = Interlocked.Increment(ref _count);
        return new(Scramble(_highKey + count), Scramble(_lowKey ^ count) | 1);
    }

    /// <summary>For a span within a trace; never zero.</summary>
    public static ulong Span(UInt128 id) => Scramble((ulong)id ^ (ulong)(id >> 64)) | 1;

    /// <summary>The finalizer of SplitMix64: one to one, so that no two counts give the same.</summary>
    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong Draw()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
