namespace Mainstay.Resilience.Budgets;

/// <summary>
/// Keeps retries from multiplying an outage (Finagle, tower): within ten seconds at most 20 % further attempts, plus ten so that a service
/// with little traffic can retry at all. One budget per service, for retries of every kind. Thread-safe.
/// </summary>
/// <param name="share">Further attempts per request; 0.2.</param>
/// <param name="floor">Further attempts that are always allowed within the window; 10.</param>
public sealed class RetryBudget(double share = 0.2, int floor = 10)
{
    private const int Buckets = 10;

    private readonly Lock _gate = new();
    private readonly int[] _requests = new int[Buckets];
    private readonly int[] _spent = new int[Buckets];
    private readonly long[] _seconds = new long[Buckets];

    /// <summary>A request came in (not each of its attempts).</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Earn(double now)
    {
        lock (_gate)
            _requests[BucketOf(now)]++;
    }

    /// <summary>Takes one further attempt out of the budget; false if it is used up.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public bool TrySpend(double now)
    {
        lock (_gate)
        {
            var bucket = BucketOf(now);
            int requests = 0, spent = 0;
            for (var i = 0; i < Buckets; i++)
            {
                if (_seconds[i] <= (long)now - Buckets)
                    continue;
                requests += _requests[i];
                spent += _spent[i];
            }
            if (spent + 1 > floor + (share * requests))
                return false;
            _spent[bucket]++;
            return true;
        }
    }

    private int BucketOf(double now)
    {
        var second = (long)now;
        var bucket = (int)(second % Buckets);
        if (_seconds[bucket] != second)
        {
            _seconds[bucket] = second;
            _requests[bucket] = _spent[bucket] = 0;
        }
        return bucket;
    }
}
