namespace Mainstay.Resilience.RateLimits;

/// <summary>
/// A token bucket for each key, for a bounded number of keys; see <see cref="TokenBucket"/>. A key that is not known has a full bucket, so
/// a bucket that is full again need not be kept. Thread-safe by striping; allocates only while it grows to its capacity.
/// </summary>
/// <remarks>
/// When it is full, a newcomer takes the place of a bucket that is full again, or else, among the few that are looked at, of the one that
/// misses least. So a flood of new keys pushes out itself, one request each, and not the old offender, whose bucket misses most; and nobody
/// who behaves is ever refused for the flood. What a key can gain by being pushed out is what its bucket missed, the least of all looked at.
/// </remarks>
public sealed class KeyedBuckets
{
    private const int Stripes = 16;

    private readonly BucketStripe[] _stripes;

    /// <param name="policy">How much is allowed for each key.</param>
    /// <param name="capacity">Keys at most; default 100,000, which is about 5 MB; 16 or more.</param>
    public KeyedBuckets(RatePolicy policy, int capacity = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, Stripes);
        _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new BucketStripe(policy, capacity / Stripes))];
    }

    /// <summary>Keys that are kept now.</summary>
    public int Count => _stripes.Sum(stripe => stripe.Count);

    /// <summary>Asks for one request.</summary>
    /// <param name="key">Of whoever asks: an address, a hash.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public RateDecision Take(UInt128 key, double now)
    {
        // Seeded anew in each process: nobody can aim at a stripe.
        var hash = (uint)key.GetHashCode();
        return _stripes[hash >> 28].Take(key, hash, now);
    }
}
