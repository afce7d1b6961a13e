using FsCheck.Xunit;
using Mainstay.Resilience.RateLimits;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.RateLimits;

/// <summary>A bucket under arbitrary traffic, asked by threads whose clocks were read in another order.</summary>
[Properties(Replay = Seed.OfProperties, MaxTest = 200, EndSize = 600)]
public sealed class BucketPropertyTests
{
    /// <param name="Wait">Since the step before; some go back by a few milliseconds.</param>
    /// <param name="Key">Who asks.</param>
    /// <param name="Times">How often.</param>
    public sealed record Step(byte Wait, byte Key, byte Times)
    {
        internal double Seconds => Wait switch
        {
            < 16 => -0.004,
            < 24 => Wait * 0.2,
            _ => Wait / 255.0 * 0.1,
        };
    }

    [Property]
    public bool Never_more_than_the_burst_and_the_rate_in_any_window(byte rate, byte burst, Step[] steps)
    {
        var policy = new RatePolicy(0.5 + (rate * 0.25), 1 + (burst % 40));
        var bucket = new TokenBucket(policy);
        return IsWithin(policy, Taken(steps, (_, now) => bucket.Take(now)).Select(taken => taken.At));
    }

    [Property]
    public bool Nor_for_any_key_as_long_as_there_is_room_for_all(byte rate, byte burst, Step[] steps)
    {
        var policy = new RatePolicy(0.5 + (rate * 0.25), 1 + (burst % 40));
        var buckets = new KeyedBuckets(policy, capacity: 16 * 256);
        return Taken(steps, (key, now) => buckets.Take((UInt128)key, now)).GroupBy(taken => taken.Key).All(mine => IsWithin(policy, mine.Select(taken => taken.At)))
            && buckets.Count == steps.Where(step => step.Times > 0).Select(step => step.Key).Distinct().Count();
    }

    [Property]
    public bool However_many_keys_come_so_many_are_kept(byte capacity, ushort[] keys)
    {
        var most = 16 + capacity;
        var buckets = new KeyedBuckets(new(0.001, 1), most);
        for (var i = 0; i < keys.Length; i++)
            buckets.Take(((UInt128)keys[i] << 70) + keys[i], i * 0.01);
        return buckets.Count <= most && buckets.Count <= keys.Distinct().Count();
    }

    [Property]
    public bool What_it_says_about_the_next_is_true(byte rate, byte burst, Step[] steps)
    {
        var policy = new RatePolicy(0.5 + (rate * 0.25), 1 + (burst % 40));
        var bucket = new TokenBucket(policy);
        double now = 100;
        foreach (var step in steps)
        {
            now += Math.Max(0, step.Seconds);
            var said = bucket.Take(now);
            if (said.Remaining < 0 || said.Remaining >= policy.Burst || said.ResetAfter < 0 || said.ResetAfter > policy.FillTime + 1e-9)
                return false;
            if (!said.IsAllowed && (said.RetryAfter <= 0 || said.RetryAfter > (1 / policy.Rate) + 1e-9))
                return false;
            for (var left = said.Remaining; left > 0; left--)
            {
                if (!bucket.Take(now).IsAllowed)
                    return false;
            }
            if (bucket.Take(now).IsAllowed)
                return false;
        }
        return true;
    }

    private static List<(byte Key, double At)> Taken(Step[] steps, Func<byte, double, RateDecision> take)
    {
        var taken = new List<(byte, double)>();
        double now = 100;
        foreach (var step in steps)
        {
            now += step.Seconds;
            for (var i = 0; i < step.Times; i++)
            {
                if (take(step.Key, now).IsAllowed)
                    taken.Add((step.Key, now));
            }
        }
        return taken;
    }

    /// <summary>Of all windows from one request to another one none holds too many: the fullest that ends here is carried along.</summary>
    private static bool IsWithin(RatePolicy policy, IEnumerable<double> taken)
    {
        double level = 0, last = double.NegativeInfinity;
        foreach (var at in taken)
        {
            // Time that went back has not gone by again.
            level = Math.Max(0, level - (policy.Rate * Math.Max(0, at - last))) + 1;
            last = Math.Max(last, at);
            if (level > policy.Burst + 1e-6)
                return false;
        }
        return true;
    }
}
