using HdrHistogram;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load;

/// <summary>
/// What a load of any length comes to, in constant memory (and 40 bytes for each second). Latencies to one in a thousand, up to an hour; those
/// of requests that were cut off do not count, those of failed ones do. Thread-safe.
/// </summary>
/// <param name="streams">What was sent, to tell good answers from others.</param>
internal sealed class LatencySummary(IReadOnlyList<StreamSpec> streams) : ISampleSink
{
    private const long Longest = 3_600_000_000;

    private readonly Lock _gate = new();
    private readonly LongHistogram _all = new(1, Longest, 3);
    private readonly LongHistogram _good = new(1, Longest, 3);
    private readonly LongHistogram _waiting = new(1, Longest, 2);
    private readonly long[] _fates = new long[Enum.GetValues<Fate>().Length];
    private readonly long[] _statuses = new long[1000];
    private long _sent;
    private long _firstDue = long.MaxValue;
    private long _lastDue = long.MinValue;

    public void Add(in Sample sample)
    {
        lock (_gate)
        {
            _fates[(int)sample.Fate]++;
            _firstDue = Math.Min(_firstDue, sample.ScheduledAt);
            _lastDue = Math.Max(_lastDue, sample.ScheduledAt);
            if (sample.SentAt >= 0)
            {
                _sent++;
                Record(_waiting, sample.SentAt - sample.ScheduledAt);
            }
            if (sample.Fate == Fate.Cut)
                return;
            Record(_all, sample.Latency);
            if (sample.Fate != Fate.Answered)
                return;
            _statuses[Math.Clamp(sample.Status, (short)0, (short)999)]++;
            if (streams[sample.Stream].IsGood(sample.Status))
                Record(_good, sample.Latency);
        }
    }

    public void Add(LoadSecond second)
    {
        // The windows of the run say more.
    }

    /// <summary>All so far.</summary>
    public LoadTotals Totals()
    {
        lock (_gate)
        {
            var ended = _fates.Sum();
            return new(
                ended,
                _sent,
                _good.TotalCount,
                _fates[(int)Fate.Cut],
                ended > 1 && _lastDue > _firstDue ? (ended - 1) * 1e6 / (_lastDue - _firstDue) : 0,
                Enum.GetValues<Fate>().Where(fate => _fates[(int)fate] > 0).ToDictionary(fate => fate, fate => _fates[(int)fate]),
                Enumerable.Range(0, _statuses.Length).Where(status => _statuses[status] > 0).ToDictionary(status => status, status => _statuses[status]),
                LatencyQuantiles.Of(_all),
                LatencyQuantiles.Of(_good),
                _waiting.TotalCount == 0 ? 0 : _waiting.GetValueAtPercentile(99) / 1e6);
        }
    }

    private static void Record(LongHistogram histogram, long microseconds) => histogram.RecordValue(Math.Clamp(microseconds, 1, Longest));
}
