namespace Mainstay.Supervisor.Restarting;

/// <summary>What follows a death.</summary>
/// <param name="Delay">Until the next start; zero: at once.</param>
/// <param name="CrashLoop">The replica dies again and again before it is ready.</param>
/// <param name="Announce">The crash loop begins here: say so, once.</param>
internal readonly record struct RestartDecision(TimeSpan Delay, bool CrashLoop, bool Announce);

/// <summary>
/// When a dead replica starts again. One that had been ready: at once. Deaths before ready back off, 100 ms doubling to 10 s;
/// five of them within 60 s are a crash loop, tried every 10 s until the replica is ready again.
/// Owned by one loop; not thread-safe.
/// </summary>
internal sealed class RestartPolicy(TimeProvider time)
{
    public const int LoopDeaths = 5;
    public static readonly TimeSpan LoopWindow = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly Queue<long> _recent = new();
    private TimeSpan _next = FirstDelay;
    private bool _looping;

    /// <summary>The replica became ready: what happened before is forgiven.</summary>
    public void BecameReady()
    {
        _recent.Clear();
        _next = FirstDelay;
        _looping = false;
    }

    public RestartDecision Died(bool wasReady)
    {
        if (wasReady)
            return new(TimeSpan.Zero, CrashLoop: false, Announce: false);
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= LoopWindow)
            _recent.Dequeue();
        _recent.Enqueue(time.GetTimestamp());
        if (_looping)
            return new(LongestDelay, CrashLoop: true, Announce: false);
        if (_recent.Count >= LoopDeaths)
        {
            _looping = true;
            return new(LongestDelay, CrashLoop: true, Announce: true);
        }
        var delay = _next;
        _next = _next * 2 < LongestDelay ? _next * 2 : LongestDelay;
        return new(delay, CrashLoop: false, Announce: false);
    }
}
