namespace Mainstay.Resilience.Queues;

/// <summary>How many requests a service completes per second: completions of the last two seconds, in buckets of 200 ms. Not thread-safe: the owner's lock covers it.</summary>
public sealed class DrainRate
{
    private const int Buckets = 10;
    private const double Width = 0.2;

    private readonly int[] _counts = new int[Buckets];
    private readonly long[] _slots = new long[Buckets];
    private double _began = double.NaN;

    /// <summary>A request was completed.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Count(double now)
    {
        if (double.IsNaN(_began))
            _began = now;
        var slot = (long)(now / Width);
        var bucket = (int)(slot % Buckets);
        if (_slots[bucket] != slot)
        {
            _slots[bucket] = slot;
            _counts[bucket] = 0;
        }
        _counts[bucket]++;
    }

    /// <summary>Requests per second; 0 without any lately.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public double PerSecond(double now)
    {
        var slot = (long)(now / Width);
        var sum = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
            sum += _slots[bucket] > slot - Buckets && _slots[bucket] <= slot ? _counts[bucket] : 0;
        return sum == 0 ? 0 : sum / Math.Clamp(now - _began, Width, Buckets * Width);
    }

    /// <summary>Seconds until so many more will have been completed, at the rate of late; between 1 and 30, 5 if nothing is completed at all.</summary>
    /// <param name="requests">How many are ahead.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public double SecondsFor(int requests, double now)
    {
        var rate = PerSecond(now);
        return rate <= 0 ? 5 : Math.Clamp(requests / rate, 1, 30);
    }
}
