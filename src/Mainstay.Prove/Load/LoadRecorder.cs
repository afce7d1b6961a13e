using HdrHistogram;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load;

/// <summary>Hands on what the loop sees, and counts it second by second. Called by the loop's one thread, except for <see cref="Windows"/>.</summary>
internal sealed class LoadRecorder(LoadPlan plan, RecordingClock clock, ISampleSink sink)
{
    private const long Second = 1_000_000;
    private const long Longest = 3600 * Second;

    private readonly IntHistogram _latency = new(1, Longest, 2);
    private readonly IntHistogram _lag = new(1, Longest, 2);
    private readonly IntHistogram _allLag = new(1, Longest, 2);
    private readonly Lock _gate = new();
    private readonly List<LoadWindow> _windows = [];
    private long _second = clock.Now;
    private long _lagMax;
    private int _scheduled;
    private int _sent;
    private int _failures;
    private int _shed;

    /// <summary>Now, microseconds since the history's start.</summary>
    public long Now => clock.Now;

    public LoadPlan Plan => plan;

    public TimeProvider Time => clock.Time;

    /// <summary>All seconds that are over. Callable from any thread.</summary>
    public LoadWindow[] Windows
    {
        get
        {
            lock (_gate)
                return [.. _windows];
        }
    }

    /// <summary>The last second that is over; null before. Callable from any thread.</summary>
    public LoadWindow? LastWindow
    {
        get
        {
            lock (_gate)
                return _windows.Count > 0 ? _windows[^1] : null;
        }
    }

    /// <summary>Seconds that 99 % of all requests were begun later than due, at most. Once the load is over.</summary>
    public double LagP99 => At(_allLag, 99) / 1e6;

    /// <summary>
    /// A request that was due has been begun, so late: only what the generator itself is to blame for. Waiting for a connection is not.
    /// </summary>
    public void Due(long dueAt, long now)
    {
        Roll(now);
        var lag = Math.Max(0, now - dueAt);
        _scheduled++;
        _lag.RecordValue(Math.Clamp(lag, 1, Longest));
        _allLag.RecordValue(Math.Clamp(lag, 1, Longest));
        _lagMax = Math.Max(_lagMax, lag);
    }

    public void Sent() => _sent++;

    public void Ended(in Sample sample)
    {
        Roll(sample.EndedAt);
        sink.Add(sample);
        if (sample.Fate == Fate.Cut)
            return;
        _latency.RecordValue(Math.Clamp(sample.Latency, 1, Longest));
        if (sample.Fate != Fate.Answered || !plan.Streams[sample.Stream].IsGood(sample.Status))
            _failures++;
        if (sample.IsShed)
            _shed++;
    }

    /// <summary>Closes the seconds that are over.</summary>
    public void Roll(long now)
    {
        while (now >= _second + Second)
            Close();
    }

    /// <summary>The load is over: the second that has begun is closed, too.</summary>
    public void End(long now)
    {
        Roll(now);
        if (_scheduled + _sent + _latency.TotalCount > 0)
            Close();
    }

    private void Close()
    {
        sink.Add(new LoadSecond(_second, _scheduled, _sent, At(_lag, 99), _lagMax));
        var window = new LoadWindow(
            _second, (int)_latency.TotalCount, _failures, _shed, At(_latency, 50) / 1e6, At(_latency, 95) / 1e6, At(_latency, 99) / 1e6);
        lock (_gate)
            _windows.Add(window);
        _latency.Reset();
        _lag.Reset();
        (_scheduled, _sent, _failures, _shed, _lagMax) = (0, 0, 0, 0, 0);
        _second += Second;
    }

    private static long At(IntHistogram histogram, double percentile) => histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile);
}
