using Mainstay.Prove.Load.Platform;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load.Http1;

/// <summary>HTTP/1.1 on connections that are kept alive and opened when they are needed, one request on each at a time. Owned by the loop.</summary>
internal sealed class Http1Carrier : IRequestCarrier
{
    /// <summary>Shorter than the 5 s after which the quickest servers close an idle connection, perhaps in the moment of a request.</summary>
    private const long LongestRest = 4_000_000;

    private readonly LoadRecorder _recorder;
    private readonly Address _target;
    private readonly CarriedStream[] _streams;
    private readonly ConnectionPool[] _pools;
    private readonly Epoll _epoll = new();
    private readonly List<Connection> _places = [];
    private readonly Stack<Connection> _free = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);

    public Http1Carrier(LoadRecorder recorder)
    {
        var plan = recorder.Plan;
        _recorder = recorder;
        _target = new(plan.Target.Address);
        var pools = plan.Streams.Select(stream => (stream.Source, stream.Group)).Distinct().ToList();
        _pools = [.. pools.Select(pool => new ConnectionPool(pool.Source is null ? null : new(new(pool.Source, 0)), plan.Connections))];
        _streams = [.. plan.Streams.Select(stream => new CarriedStream(stream, plan.Target.Host, pools.IndexOf((stream.Source, stream.Group))))];
    }

    public int Out { get; private set; }

    public void Begin(int stream, long dueAt, long now)
    {
        Out++;
        var pool = _streams[stream].Pool;
        if (_streams[stream].Waiting.Count == 0 && TryCarry(pool, stream, (dueAt, now)))
            return;
        if (!_streams[stream].Waiting.TryAdd(dueAt, now))
            EndWaiting(stream, (dueAt, now), Fate.NotSent);
    }

    public void Wait(long microseconds)
    {
        var count = _epoll.Wait(microseconds);
        for (var i = 0; i < count; i++)
        {
            var (events, tag) = _epoll.At(i);
            var connection = _places[(int)(uint)tag];
            if (connection.Tag != tag || connection.State == ConnectionState.Closed)
                continue;
            Go(connection, events);
            ServeWaiting(connection.Pool);
        }
    }

    public void KeepHouse()
    {
        var now = _recorder.Now;
        foreach (var connection in _places)
        {
            if (connection.State is ConnectionState.Busy or ConnectionState.Connecting && now - connection.DueAt > _streams[connection.Stream].Patience)
                End(connection, Fate.TimedOut, reusable: false);
        }
        for (var i = 0; i < _streams.Length; i++)
        {
            while (_streams[i].Waiting.Count > 0 && now - _streams[i].Waiting.Oldest > _streams[i].Patience)
                EndWaiting(i, _streams[i].Waiting.Take(), Fate.NotSent);
        }
        for (var i = 0; i < _pools.Length; i++)
        {
            while (_pools[i].TakeStale(now) is { } stale)
                Close(stale);
            ServeWaiting(i);
        }
    }

    public void Cut()
    {
        for (var i = 0; i < _streams.Length; i++)
        {
            while (_streams[i].Waiting.Count > 0)
                EndWaiting(i, _streams[i].Waiting.Take(), Fate.Cut);
        }
        foreach (var connection in _places)
        {
            if (connection.State is ConnectionState.Busy or ConnectionState.Connecting)
                End(connection, Fate.Cut, reusable: false);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _places)
            connection.Close();
        _epoll.Dispose();
    }

    /// <summary>On a connection that rests, or a new one. False: there is none to be had.</summary>
    private bool TryCarry(int pool, int stream, (long Due, long Begun) at)
    {
        if (_pools[pool].TakeResting() is { } resting)
        {
            resting.Begin(stream, _streams[stream].NextNumber(), at, _streams[stream].IsHead, ConnectionState.Busy);
            Write(resting);
            return true;
        }
        if (!_pools[pool].HasRoom || !TcpSocket.TryOpen(_target, _pools[pool].Source, out var socket))
            return false;
        var connection = _free.Count > 0 ? _free.Pop() : NewPlace();
        connection.Open(socket, pool);
        _pools[pool].Open++;
        connection.Begin(stream, _streams[stream].NextNumber(), at, _streams[stream].IsHead, ConnectionState.Connecting);
        Connect(connection);
        return true;
    }

    private Connection NewPlace()
    {
        _places.Add(new(_places.Count, _recorder.Time));
        return _places[^1];
    }

    private void Connect(Connection connection)
    {
        var error = _epoll.Watch(connection.Socket.Descriptor, connection.Tag) ? connection.Socket.Connect(_target) : LibC.TryAgain;
        if (error is not (0 or LibC.InProgress))
            End(connection, FateOf(error), reusable: false);
        else if (error == 0)
            GoOnConnected(connection);
    }

    /// <summary>Requests that wait get what connections there are, the oldest first.</summary>
    private void ServeWaiting(int pool)
    {
        while (OldestWaiting(pool) is { } stream && TryCarry(pool, stream, _streams[stream].Waiting.Peek()))
            _ = _streams[stream].Waiting.Take();
    }

    private int? OldestWaiting(int pool)
    {
        int? best = null;
        for (var i = 0; i < _streams.Length; i++)
        {
            if (_streams[i].Pool == pool && _streams[i].Waiting.Count > 0 && (best is null || _streams[i].Waiting.Oldest < _streams[best.Value].Waiting.Oldest))
                best = i;
        }
        return best;
    }

    private void Go(Connection connection, uint events)
    {
        if (connection.State == ConnectionState.Connecting)
        {
            var error = connection.Socket.TakeError();
            if (error != 0)
                End(connection, FateOf(error), reusable: false);
            else
                GoOnConnected(connection);
            return;
        }
        if (connection.State == ConnectionState.Busy && (events & Epoll.Writable) != 0)
            Write(connection);
        if (connection.State != ConnectionState.Closed && (events & (Epoll.Readable | Epoll.Ended)) != 0)
            Read(connection, ended: (events & Epoll.Ended) != 0);
    }

    private void GoOnConnected(Connection connection)
    {
        connection.Connected();
        Write(connection);
    }

    private void Write(Connection connection)
    {
        var bytes = _streams[connection.Stream].Bytes(connection.Number);
        while (connection.Written < bytes.Length)
        {
            var now = _recorder.Now;
            var sent = connection.Socket.Send(bytes[connection.Written..]);
            if (sent == -LibC.TryAgain)
                return;
            if (sent == -LibC.Interrupted)
                continue;
            if (sent < 0)
            {
                // The server may have answered before it broke off; then End has been told.
                connection.IsBroken = true;
                Read(connection, ended: true);
                if (connection.State == ConnectionState.Busy)
                    End(connection, Fate.Reset, reusable: false);
                return;
            }
            if (connection.SentAt < 0)
            {
                connection.SentAt = now;
                _recorder.Sent();
            }
            connection.Written += sent;
        }
    }

    /// <param name="connection">With a request, or at rest.</param>
    /// <param name="ended">Nothing more will be told: read until the end.</param>
    private void Read(Connection connection, bool ended)
    {
        while (true)
        {
            var read = connection.Socket.Receive(_buffer);
            if (read == -LibC.Interrupted)
                continue;
            if (read == -LibC.TryAgain)
                return;
            if (connection.State == ConnectionState.Resting)
            {
                // Closed by the server, or bytes that nobody asked for.
                _pools[connection.Pool].Forget(connection);
                Close(connection);
                return;
            }
            if (read <= 0)
            {
                var whole = read == 0 && !connection.IsBroken && connection.Reader.End() == Reading.Whole;
                End(connection, whole ? Fate.Answered : Fate.Reset, reusable: false);
                return;
            }
            ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, read);
            var reading = connection.Reader.Read(ref bytes);
            if (connection.HeadAt < 0 && connection.Reader.HasHead)
                connection.HeadAt = _recorder.Now;
            if (reading != Reading.Goes)
            {
                var all = connection.Written == _streams[connection.Stream].Length;
                End(connection, reading == Reading.Whole ? Fate.Answered : Fate.Malformed, reusable: connection.Reader.KeepsAlive && bytes.IsEmpty && all && !ended);
                return;
            }
            if (read < _buffer.Length && !ended)
                return;
        }
    }

    private void End(Connection connection, Fate fate, bool reusable)
    {
        var now = _recorder.Now;
        var reader = connection.Reader;
        var answered = fate == Fate.Answered;
        Out--;
        _recorder.Ended(new(
            connection.Stream, connection.DueAt, connection.SentAt, connection.HeadAt, now, answered ? reader.Status : (short)0, fate, answered ? reader.RetryAfter : (short)-1)
        {
            BegunAt = connection.BegunAt,
        });
        if (!reusable)
        {
            Close(connection);
            return;
        }
        // A second before the server does.
        var rest = reader.IdleSeconds is { } seconds ? Math.Min(LongestRest, (seconds * 1_000_000L) - 1_000_000) : LongestRest;
        connection.Rest(now + rest);
        _pools[connection.Pool].Rest(connection);
    }

    private void EndWaiting(int stream, (long Due, long Begun) at, Fate fate)
    {
        Out--;
        _recorder.Ended(new(stream, at.Due, -1, -1, _recorder.Now, 0, fate, -1) { BegunAt = at.Begun });
    }

    private void Close(Connection connection)
    {
        connection.Close();
        _pools[connection.Pool].Open--;
        _free.Push(connection);
    }

    private static Fate FateOf(int connectError) => connectError switch
    {
        LibC.Refused => Fate.Refused,
        LibC.TimedOut => Fate.TimedOut,
        LibC.Reset => Fate.Reset,
        // No ports or descriptors of our own: not the server's fault, but the request was not sent.
        _ => Fate.NotSent,
    };
}
