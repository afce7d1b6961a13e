using Mainstay.Edge.Balancing;

namespace Mainstay.Edge.Admission;

/// <summary>How a wait for an upstream ended.</summary>
internal enum WaitEnd
{
    /// <summary>There may be one now.</summary>
    Woken,

    /// <summary>The time is up.</summary>
    Expired,

    /// <summary>The room was full.</summary>
    Full,

    /// <summary>The client has gone.</summary>
    Gone,
}

/// <summary>
/// Where a service's requests wait while no replica serves: first come, first served, bounded in number and in bytes of kept bodies. Woken in
/// small groups, so that a replica that has just come up is not overrun; requests that arrive meanwhile may go straight to it.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="serving">How many upstreams serve now.</param>
internal sealed class WaitingRoom(TimeProvider time, Func<int> serving)
{
    /// <summary>Requests that may wait at once.</summary>
    public const int Places = 1024;

    /// <summary>Bytes of bodies that waiting requests may keep for being sent again.</summary>
    public const long Bytes = 16 * 1024 * 1024;

    /// <summary>The longest wait outside a planned gap.</summary>
    public const double LongestWait = 10;

    /// <summary>Woken at once for each serving upstream; the next group follows after <see cref="GroupPause"/>.</summary>
    private const int Group = 32;

    /// <summary>A timer that fires a hair early has fired.</summary>
    private const double Slack = 0.0005;

    private static readonly TimeSpan GroupPause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private ITimer? _timer;
    private double _armed = double.PositiveInfinity;
    private double _nextGroup;
    private long _bytes;
    private int _holds;
    private volatile int _count;

    /// <summary>Requests waiting now.</summary>
    public int Count => _count;

    /// <summary>A planned gap is open: only the requests' deadlines bound their wait.</summary>
    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    /// <summary>Opens a planned gap, until disposed.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref _holds);
        return new OpenHold(this);
    }

    /// <summary>
    /// Waits until an upstream serves. The caller tries to get one and comes back if it was too late.
    /// </summary>
    /// <param name="deadline">Monotonic seconds after which waiting is of no use.</param>
    /// <param name="since">Since when the request waits in all, for the usual limit.</param>
    /// <param name="pause">Not null: upstreams serve but refuse; wait for so many seconds, or for a new one.</param>
    /// <param name="keptBytes">Bytes of its body that are kept.</param>
    /// <param name="gone">Fires when the client has gone.</param>
    public async ValueTask<WaitEnd> WaitAsync(double deadline, double since, double? pause, long keptBytes, CancellationToken gone)
    {
        if (gone.IsCancellationRequested)
            return WaitEnd.Gone;
        var waiter = new Waiter(deadline, since, pause is { } seconds ? time.Seconds() + seconds : double.PositiveInfinity, keptBytes);
        lock (_gate)
        {
            if (_waiters.Count >= Places || (keptBytes > 0 && _bytes + keptBytes > Bytes))
                return WaitEnd.Full;
            waiter.Place = _waiters.AddLast(waiter);
            _bytes += keptBytes;
            _count = _waiters.Count;
        }
        // An upstream that came between the caller's look and our entry has woken nobody: look again, now that we are seen.
        Look();
        await using var leave = gone.UnsafeRegister(static state => ((Waiter)state!).Done.TrySetResult(WaitEnd.Gone), waiter);
        var end = await waiter.Done.Task;
        if (end == WaitEnd.Gone)
        {
            lock (_gate)
                LeaveLocked(waiter);
        }
        return end;
    }

    /// <summary>An upstream has begun to serve: wakes the waiting, group by group.</summary>
    public void Release()
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters)
                waiter.PausedUntil = double.PositiveInfinity;
            if (_waiters.Count == 0)
                return;
        }
        Look();
    }

    /// <summary>Wakes and expires whoever's time has come, and sets the timer for the next.</summary>
    private void Look()
    {
        List<(Waiter Waiter, WaitEnd End)>? over = null;
        lock (_gate)
        {
            var now = time.Seconds() + Slack;
            var upstreams = serving();
            var group = upstreams > 0 && now >= _nextGroup ? upstreams * Group : 0;
            var next = double.PositiveInfinity;
            var woken = 0;
            for (var place = _waiters.First; place is not null;)
            {
                var waiter = place.Value;
                place = place.Next;
                var expiry = waiter.Expiry(IsHeld);
                var isPaused = !double.IsPositiveInfinity(waiter.PausedUntil);
                WaitEnd? end = null;
                if (now >= expiry)
                    end = WaitEnd.Expired;
                else if (isPaused && now >= waiter.PausedUntil)
                    end = WaitEnd.Woken;
                else if (!isPaused && woken < group)
                    end = WaitEnd.Woken;
                if (end is { } known)
                {
                    woken += !isPaused && known == WaitEnd.Woken ? 1 : 0;
                    LeaveLocked(waiter);
                    (over ??= []).Add((waiter, known));
                    continue;
                }
                next = Math.Min(next, Math.Min(expiry, waiter.PausedUntil));
                if (!isPaused && upstreams > 0)
                    next = Math.Min(next, Math.Max(_nextGroup, woken > 0 ? now + GroupPause.TotalSeconds : now));
            }
            if (woken > 0)
                _nextGroup = now + GroupPause.TotalSeconds;
            ArmLocked(next, now);
        }
        if (over is null)
            return;
        foreach (var (waiter, end) in over)
            waiter.Done.TrySetResult(end);
    }

    private void ArmLocked(double next, double now)
    {
        if (double.IsPositiveInfinity(next))
        {
            _armed = next;
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        if (next == _armed && next > now)
            return;
        _armed = next;
        _timer ??= time.CreateTimer(static room => ((WaitingRoom)room!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Rounded up: a timer that fires a little early would find nobody's time come.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, next - now) * 1000)), Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        lock (_gate)
            _armed = double.PositiveInfinity;
        Look();
    }

    private void LeaveLocked(Waiter waiter)
    {
        if (waiter.Place is not { } place)
            return;
        _waiters.Remove(place);
        waiter.Place = null;
        _bytes -= waiter.KeptBytes;
        _count = _waiters.Count;
    }

    private void EndHold()
    {
        lock (_gate)
        {
            var now = time.Seconds();
            if (Interlocked.Decrement(ref _holds) == 0)
            {
                foreach (var waiter in _waiters)
                    waiter.Since = now; // the usual limit counts from the end of the gap
            }
        }
        Look();
    }

    private sealed class Waiter(double deadline, double since, double pausedUntil, long keptBytes)
    {
        public TaskCompletionSource<WaitEnd> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }

        public double Since { get; set; } = since;

        public double PausedUntil { get; set; } = pausedUntil;

        public long KeptBytes { get; } = keptBytes;

        public double Expiry(bool held) => held ? deadline : Math.Min(deadline, Since + LongestWait);
    }

    private sealed class OpenHold(WaitingRoom room) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
                room.EndHold();
        }
    }
}
