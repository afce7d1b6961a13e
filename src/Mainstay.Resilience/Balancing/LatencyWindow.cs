namespace Mainstay.Resilience.Balancing;

/// <summary>
/// Quantiles of the latency of the last ten seconds: ten buckets of one second, each a histogram with two steps per doubling, from 0.1 ms to
/// about 100 s. A quantile is the upper edge of its step, at most √2 too high. What comes later than ten seconds after its time is not counted.
/// Not thread-safe: the owner's lock covers it.
/// </summary>
public sealed class LatencyWindow
{
    /// <summary>Of the histogram.</summary>
    public const int Steps = 42;

    /// <summary>What <see cref="CopyTo"/> fills.</summary>
    public const int Counts = Buckets * Steps;

    private const int Buckets = 10;
    private const double Least = 0.0001;

    private static readonly double[] UpperEdges = [.. Enumerable.Range(0, Steps).Select(step => Least * Math.Pow(2, step / 2.0))];

    private readonly int[] _counts = new int[Buckets * Steps];
    private readonly long[] _seconds = new long[Buckets];

    /// <param name="latency">In seconds; not negative.</param>
    /// <param name="at">Monotonic time that it belongs to, in seconds; of its beginning or of its end, as the owner likes.</param>
    public void Record(double latency, double at)
    {
        var second = (long)at;
        var bucket = (int)(second % Buckets);
        if (second < _seconds[bucket])
            return;
        if (_seconds[bucket] != second)
        {
            _seconds[bucket] = second;
            Array.Clear(_counts, bucket * Steps, Steps);
        }
        var step = latency <= Least ? 0 : (int)Math.Ceiling(2 * Math.Log2(latency / Least));
        _counts[(bucket * Steps) + Math.Min(step, Steps - 1)]++;
    }

    /// <summary>The quantile in seconds, or NaN with fewer than <paramref name="samples"/> samples.</summary>
    /// <param name="quantile">In (0, 1].</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    /// <param name="samples">Fewest samples to judge by; 1 or more.</param>
    public double Quantile(double quantile, double now, int samples)
    {
        Span<int> sums = stackalloc int[Steps];
        var total = Sum(sums, now);
        if (total < samples || total == 0)
            return double.NaN;
        var rank = (int)Math.Ceiling(quantile * total);
        var at = 0;
        while ((rank -= sums[at]) > 0)
            at++;
        return UpperEdge(at);
    }

    private int Sum(Span<int> sums, double now)
    {
        sums.Clear();
        var total = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (!IsWithin(bucket, now))
                continue;
            for (var step = 0; step < Steps; step++)
            {
                sums[step] += _counts[(bucket * Steps) + step];
                total += _counts[(bucket * Steps) + step];
            }
        }
        return total;
    }

    /// <summary>
    /// How many latencies of each step there were in each second: <see cref="Steps"/> counts for each bucket. Those of two windows at the same time are of
    /// the same seconds. Answers how many in all.
    /// </summary>
    /// <param name="counts">Of <see cref="Counts"/> places.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public int CopyTo(Span<int> counts, double now)
    {
        var total = 0;
        _counts.CopyTo(counts);
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var second = counts.Slice(bucket * Steps, Steps);
            if (!IsWithin(bucket, now))
                second.Clear();
            foreach (var count in second)
                total += count;
        }
        return total;
    }

    // The second may have changed since the owner looked at the clock.
    private bool IsWithin(int bucket, double now) => _seconds[bucket] > (long)now - Buckets && _seconds[bucket] <= (long)now;

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Clear(_counts);

    /// <summary>The longest latency of a step, in seconds.</summary>
    public static double UpperEdge(int step) => UpperEdges[step];
}
