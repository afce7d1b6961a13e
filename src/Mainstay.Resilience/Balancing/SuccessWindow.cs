namespace Mainstay.Resilience.Balancing;

/// <summary>Successes and failures of the last ten seconds, in ten buckets of one second. Not thread-safe: the owner's lock covers it.</summary>
public sealed class SuccessWindow
{
    private const int Buckets = 10;

    private readonly int[] _successes = new int[Buckets];
    private readonly int[] _failures = new int[Buckets];
    private readonly long[] _seconds = new long[Buckets];

    /// <param name="success">The outcome.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Record(bool success, double now)
    {
        var second = (long)now;
        var bucket = (int)(second % Buckets);
        if (_seconds[bucket] != second)
        {
            _seconds[bucket] = second;
            _successes[bucket] = _failures[bucket] = 0;
        }
        (success ? _successes : _failures)[bucket]++;
    }

    /// <summary>The share of successes in [0, 1], 1 without samples, and the number of samples.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public (double Share, int Samples) At(double now)
    {
        int successes = 0, failures = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (_seconds[bucket] <= (long)now - Buckets)
                continue;
            successes += _successes[bucket];
            failures += _failures[bucket];
        }
        var samples = successes + failures;
        return (samples == 0 ? 1 : (double)successes / samples, samples);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_successes);
        Array.Clear(_failures);
    }
}
