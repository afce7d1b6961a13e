namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>
/// Connections that wait for their next request, the last used on top. Bounded; swept by one timer that runs only while there are any.
/// Thread-safe; connections are closed outside of the lock.
/// </summary>
internal sealed class IdleConnections : IDisposable
{
    /// <summary>How recently a connection must have been used to count as fresh.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>Unused for longer than this, a connection is looked at in the kernel too before it is used again.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromMilliseconds(50);

    private readonly Http1Options _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _sweepEvery;
    private readonly Lock _gate = new();
    private readonly Http1Connection?[] _stack;
    private int _count;
    private ITimer? _timer;
    private bool _isArmed;
    private bool _isClosed;

    public IdleConnections(Http1Options options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _stack = new Http1Connection?[Math.Max(0, options.MaxIdleConnections)];
        _sweepEvery = TimeSpan.FromTicks(Math.Clamp(options.IdleTimeout.Ticks / 4, TimeSpan.TicksPerMillisecond * 50, TimeSpan.TicksPerSecond));
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>The connection used last, if it is still good. Bad ones met on the way come out as <paramref name="bad"/>: close them and ask again.</summary>
    public Http1Connection? Take(bool fresh, out Http1Connection? bad)
    {
        bad = null;
        Http1Connection? connection;
        TimeSpan age;
        lock (_gate)
        {
            if (_count == 0)
                return null;
            connection = _stack[_count - 1]!;
            age = _time.GetElapsedTime(connection.LastUsed);
            if (fresh && age > Fresh)
                return null;
            _stack[--_count] = null;
        }
        if (age < Limit(connection) && connection.IsQuiet(ask: fresh || age > Trusted))
            return connection;
        bad = connection;
        return null;
    }

    /// <summary>False if it cannot be kept.</summary>
    public bool TryAdd(Http1Connection connection)
    {
        lock (_gate)
        {
            if (_isClosed || _count == _stack.Length)
                return false;
            _stack[_count++] = connection;
            if (!_isArmed)
            {
                _isArmed = true;
                _timer ??= _time.CreateTimer(static pool => ((IdleConnections)pool!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(_sweepEvery, Timeout.InfiniteTimeSpan);
            }
            return true;
        }
    }

    /// <summary>Keeps nothing from now on; what was kept is the caller's to close.</summary>
    public List<Http1Connection> CloseAll()
    {
        lock (_gate)
        {
            _isClosed = true;
            var all = _stack.Take(_count).OfType<Http1Connection>().ToList();
            Array.Clear(_stack);
            _count = 0;
            return all;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>Shorter than what the upstream grants, so that its close never meets a request of ours.</summary>
    private TimeSpan Limit(Http1Connection connection)
    {
        if (connection.KeepAlive is not { } granted)
            return _options.IdleTimeout;
        var shorter = granted > Fresh * 2 ? granted - Fresh : granted / 2;
        return shorter < _options.IdleTimeout ? shorter : _options.IdleTimeout;
    }

    private void Sweep()
    {
        List<Http1Connection>? gone = null;
        lock (_gate)
        {
            var kept = 0;
            for (var i = 0; i < _count; i++)
            {
                var connection = _stack[i]!;
                if (_time.GetElapsedTime(connection.LastUsed) < Limit(connection) && connection.IsQuiet(ask: false))
                    _stack[kept++] = connection;
                else
                    (gone ??= []).Add(connection);
            }
            Array.Clear(_stack, kept, _count - kept);
            _count = kept;
            _isArmed = kept > 0 && _timer is not null;
            if (_isArmed)
                _timer!.Change(_sweepEvery, Timeout.InfiniteTimeSpan);
        }
        foreach (var connection in gone ?? [])
            connection.Discard();
    }
}
