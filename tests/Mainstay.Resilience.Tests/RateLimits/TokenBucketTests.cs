using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.RateLimits;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.RateLimits;

[Properties(Replay = Seed.OfProperties)]
public sealed class TokenBucketTests
{
    [Fact]
    public void A_burst_passes_and_then_the_rate()
    {
        var bucket = new TokenBucket(new(Rate: 10, Burst: 3));
        for (var left = 2; left >= 0; left--)
            Assert.Equal((true, left), (bucket.Take(5) is var taken && taken.IsAllowed, taken.Remaining));
        var refused = bucket.Take(5);
        Assert.False(refused.IsAllowed);
        Assert.Equal(0.1, refused.RetryAfter, 9);
        Assert.Equal(0.3, refused.ResetAfter, 9);
        Assert.False(bucket.Take(5.09).IsAllowed);
        Assert.True(bucket.Take(5.1).IsAllowed);
        Assert.False(bucket.Take(5.1).IsAllowed);
    }

    [Fact]
    public void One_a_minute_is_one_a_minute()
    {
        var bucket = new TokenBucket(new(Rate: 1 / 60.0, Burst: 1));
        Assert.True(bucket.Take(0).IsAllowed);
        Assert.Equal(60, bucket.Take(0).RetryAfter, 6);
        Assert.False(bucket.Take(59.9).IsAllowed);
        Assert.True(bucket.Take(60).IsAllowed);
    }

    [Property]
    public bool Never_more_than_the_burst_and_the_rate_within_any_time(long seed)
    {
        var dice = new Dice(seed);
        var policy = new RatePolicy(1 + dice.Below(50), 1 + dice.Below(20));
        var bucket = new TokenBucket(policy);
        var allowed = new List<double>();
        double now = dice.Below(1_000_000);
        for (var i = 0; i < 500; i++)
        {
            now += dice.Unit() * dice.Unit() * 0.2;
            if (bucket.Take(now).IsAllowed)
                allowed.Add(now);
        }
        for (var from = 0; from < allowed.Count; from++)
        {
            for (var to = from; to < allowed.Count; to++)
            {
                if (to - from + 1 > policy.Burst + (policy.Rate * (allowed[to] - allowed[from])) + 1e-6)
                    return false;
            }
        }
        return true;
    }

    [Property]
    public bool Whoever_waits_as_told_is_allowed(long seed)
    {
        var dice = new Dice(seed);
        var bucket = new TokenBucket(new(0.01 + (100 * dice.Unit()), 1 + dice.Below(5)));
        double now = dice.Below(10_000_000);
        for (var i = 0; i < 100; i++)
        {
            var asked = bucket.Take(now);
            if (asked.IsAllowed)
                continue;
            now += asked.RetryAfter + 1e-8;
            if (!bucket.Take(now).IsAllowed)
                return false;
        }
        return true;
    }

    [Fact]
    public void A_day_of_asking_gets_exactly_what_the_rate_gives()
    {
        var bucket = new TokenBucket(new(Rate: 7, Burst: 5));
        var allowed = 0;
        for (var step = 0; step <= 86_400 * 20; step++)
            allowed += bucket.Take(4_000_000 + (step / 20.0)).IsAllowed ? 1 : 0;
        Assert.InRange(allowed, (7 * 86_400) + 5 - 1, (7 * 86_400) + 5);
    }

    [Fact]
    public async Task Threads_that_ask_together_get_no_more()
    {
        var bucket = new TokenBucket(new(1, 1000));
        var allowed = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (bucket.Take(3).IsAllowed)
                    Interlocked.Increment(ref allowed);
            }
        })));
        Assert.Equal(1000, allowed);
    }
}
