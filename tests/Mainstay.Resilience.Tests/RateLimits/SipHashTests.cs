using System.Buffers.Binary;
using Mainstay.Resilience.RateLimits;

namespace Mainstay.Resilience.Tests.RateLimits;

public sealed class SipHashTests
{
    /// <summary>The key of the published vectors: the bytes 0 to 15.</summary>
    private static readonly UInt128 Key = new(0x0f0e0d0c0b0a0908, 0x0706050403020100);

    [Fact]
    public void The_published_vector_for_nothing_comes_out()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, new SipHash(Key).Hash([]));
        Assert.Equal("A3817F04BA25A8E66DF67214C7550293", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Every_byte_and_the_length_count()
    {
        var hash = new SipHash(Key);
        var seen = new HashSet<UInt128>();
        for (var length = 0; length < 40; length++)
        {
            var text = new byte[length];
            Assert.True(seen.Add(hash.Hash(text)));
            for (var i = 0; i < length; i++)
            {
                text[i] = 1;
                Assert.True(seen.Add(hash.Hash(text)));
                text[i] = 0;
            }
        }
    }

    [Fact]
    public void Another_seed_gives_other_hashes() =>
        Assert.NotEqual(new SipHash(1).Hash("key"u8), new SipHash(2).Hash("key"u8));
}
