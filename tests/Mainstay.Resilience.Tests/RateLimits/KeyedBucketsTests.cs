using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.RateLimits;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.RateLimits;

[Properties(Replay = Seed.OfProperties)]
public sealed class KeyedBucketsTests
{
    [Property]
    public bool Every_key_has_a_bucket_of_its_own(long seed)
    {
        var dice = new Dice(seed);
        var policy = new RatePolicy(5, 3);
        var keyed = new KeyedBuckets(policy);
        var alone = Enumerable.Range(0, 200).Select(_ => new TokenBucket(policy)).ToArray();
        double now = 0;
        for (var i = 0; i < 2000; i++)
        {
            now += dice.Unit() * 0.01;
            var key = dice.Below(alone.Length);
            if (keyed.Take((UInt128)key << 64, now) != alone[key].Take(now))
                return false;
        }
        return keyed.Count <= alone.Length;
    }

    [Property(MaxTest = 20)]
    public bool Never_keeps_more_than_its_capacity(long seed)
    {
        var dice = new Dice(seed);
        var keyed = new KeyedBuckets(new(0.01, 2), capacity: 160);
        for (var i = 0; i < 5000; i++)
        {
            if (!keyed.Take(new UInt128(dice.Next(), dice.Next()), i * 0.001).IsAllowed)
                return false; // a newcomer is never refused
        }
        return keyed.Count <= 160;
    }

    [Fact]
    public void An_old_offender_stays_refused_through_a_flood_of_new_keys()
    {
        var dice = new Dice(3);
        var keyed = new KeyedBuckets(new(Rate: 0.1, Burst: 10), capacity: 1600);
        for (var i = 0; i < 10; i++)
            Assert.True(keyed.Take(7, 0).IsAllowed);
        var passed = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var now = i * 0.00005; // five seconds in all: half a request becomes due
            keyed.Take(new UInt128(dice.Next(), dice.Next()), now);
            if (i % 100 == 0 && keyed.Take(7, now).IsAllowed)
                passed++;
        }
        Assert.Equal(0, passed);
    }

    [Fact]
    public void Full_buckets_make_room_first()
    {
        var keyed = new KeyedBuckets(new(Rate: 1, Burst: 5), capacity: 1600);
        for (var key = 0; key < 10_000; key++)
            keyed.Take((UInt128)key, 0);
        for (var i = 0; i < 5; i++)
            keyed.Take(1_000_000, 100);
        for (var key = 20_000; key < 21_000; key++)
            keyed.Take((UInt128)key, 100);
        Assert.False(keyed.Take(1_000_000, 100).IsAllowed);
    }

    [Fact]
    public void A_known_key_allocates_nothing()
    {
        var keyed = new KeyedBuckets(new(10, 10));
        for (var key = 0; key < 100; key++)
            keyed.Take((UInt128)key, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            keyed.Take((UInt128)(i % 100), i * 0.01);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Threads_that_share_a_key_get_no_more_than_its_burst()
    {
        var keyed = new KeyedBuckets(new(0.001, 500), capacity: 64);
        var allowed = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (keyed.Take(42, 1).IsAllowed)
                    Interlocked.Increment(ref allowed);
            }
        })));
        Assert.Equal(500, allowed);
    }
}
