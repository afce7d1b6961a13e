using Mainstay.Prove.Load.Platform;

namespace Mainstay.Prove.Load.Http1;

/// <summary>A connection and the one request on it. Its place is used again for other connections: the tag tells them apart. Owned by the loop.</summary>
internal sealed class Connection(int place, TimeProvider time)
{
    private uint _generation;

    public TcpSocket Socket = TcpSocket.None;

    public int Place => place;

    public AnswerReader Reader { get; } = new(time);

    /// <summary>With every event of its socket; late ones of an earlier socket have another.</summary>
    public ulong Tag => ((ulong)_generation << 32) | (uint)place;

    public ConnectionState State { get; private set; }

    /// <summary>Whose source it has.</summary>
    public int Pool { get; private set; }

    public int Stream { get; private set; }

    /// <summary>Of its request, in its stream.</summary>
    public long Number { get; private set; }

    public long DueAt { get; private set; }

    public long BegunAt { get; private set; }

    public long SentAt { get; set; }

    public long HeadAt { get; set; }

    /// <summary>Bytes of the request that have been taken.</summary>
    public int Written { get; set; }

    /// <summary>Writing failed: an end of what can be read is no end of an answer.</summary>
    public bool IsBroken { get; set; }

    /// <summary>When it must not be used any more, while it rests.</summary>
    public long RestsUntil { get; private set; }

    public void Open(TcpSocket socket, int pool)
    {
        (Socket, Pool) = (socket, pool);
        _generation++;
    }

    public void Begin(int stream, long number, (long Due, long Begun) at, bool isHead, ConnectionState state)
    {
        (Stream, Number, DueAt, BegunAt, SentAt, HeadAt, Written, IsBroken, State) = (stream, number, at.Due, at.Begun, -1, -1, 0, false, state);
        Reader.Begin(isHead);
    }

    public void Connected() => State = ConnectionState.Busy;

    public void Rest(long until) => (State, RestsUntil) = (ConnectionState.Resting, until);

    public void Close()
    {
        Socket.Close();
        State = ConnectionState.Closed;
    }
}
