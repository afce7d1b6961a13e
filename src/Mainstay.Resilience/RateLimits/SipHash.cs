using System.Buffers.Binary;
using System.Numerics;

namespace Mainstay.Resilience.RateLimits;

/// <summary>
/// SipHash-2-4 with 128 bits (Aumasson and Bernstein 2012): makes keys of texts of any length. Whoever does not know the seed cannot find
/// two texts of the same hash, so nobody can spend from another's bucket.
/// </summary>
/// <param name="seed">Secret, drawn anew by each process.</param>
public sealed class SipHash(UInt128 seed)
{
    private readonly ulong _low = (ulong)seed;
    private readonly ulong _high = (ulong)(seed >> 64);

    /// <summary>The hash; its first eight bytes are the lower half.</summary>
    public UInt128 Hash(ReadOnlySpan<byte> text)
    {
        var state = new Words(_low ^ 0x736f6d6570736575, _high ^ 0x646f72616e646f6d ^ 0xee, _low ^ 0x6c7967656e657261, _high ^ 0x7465646279746573);
        var last = (ulong)text.Length << 56;
        for (; text.Length >= 8; text = text[8..])
            state.Take(BinaryPrimitives.ReadUInt64LittleEndian(text));
        for (var i = 0; i < text.Length; i++)
            last |= (ulong)text[i] << (8 * i);
        state.Take(last);
        state.C ^= 0xee;
        var low = state.Finish();
        state.B ^= 0xdd;
        return new(state.Finish(), low);
    }

    private struct Words(ulong a, ulong b, ulong c, ulong d)
    {
        private ulong _a = a;
        private ulong _d = d;

        public ulong B = b;
        public ulong C = c;

        public void Take(ulong word)
        {
            _d ^= word;
            Mix();
            Mix();
            _a ^= word;
        }

        public ulong Finish()
        {
            for (var i = 0; i < 4; i++)
                Mix();
            return _a ^ B ^ C ^ _d;
        }

        private void Mix()
        {
            _a += B;
            B = BitOperations.RotateLeft(B, 13) ^ _a;
            _a = BitOperations.RotateLeft(_a, 32);
            C += _d;
            _d = BitOperations.RotateLeft(_d, 16) ^ C;
            _a += _d;
            _d = BitOperations.RotateLeft(_d, 21) ^ _a;
            C += B;
            B = BitOperations.RotateLeft(B, 17) ^ C;
            C = BitOperations.RotateLeft(C, 32);
        }
    }
}
