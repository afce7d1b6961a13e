namespace Mainstay.Resilience.Chance;

/// <summary>
/// Seeded randomness that many threads may share without a lock: SplitMix64 (Steele, Lea, Flood 2014), whose state only ever advances by a
/// constant. The same seed gives the same sequence, in the order of the calls.
/// </summary>
/// <param name="seed">Any number.</param>
public sealed class Dice(long seed)
{
    private const long Golden = unchecked((long)0x9E3779B97F4A7C15);

    private long _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var z = (ulong)Interlocked.Add(ref _state, Golden);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>In [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>In [0, <paramref name="count"/>).</summary>
    /// <param name="count">1 or more.</param>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)(((Next() >> 32) * (ulong)count) >> 32);
    }
}
