using System.Buffers;
using System.Net.Sockets;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>
/// A connected socket and what it received but nobody took yet. One reader and one writer at a time.
/// While the connection is idle a receive is already under way: it tells at no cost when the peer closes, and the next answer
/// needs no receive of its own.
/// </summary>
internal sealed class Wire
{
    private const int HomeBytes = 8 * 1024;

    private const int BulkBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly byte[] _home = GC.AllocateUninitializedArray<byte>(HomeBytes);
    private byte[] _buffer;
    private int _start;
    private int _end;
    private ValueTask<int> _ahead;
    private bool _hasAhead;
    private int _closed;

    public Wire(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
        _buffer = _home;
    }

    public Socket Socket => _socket;

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    public ReadOnlyMemory<byte> UnreadMemory => _buffer.AsMemory(_start, _end - _start);

    public void Consume(int count) => _start += count;

    /// <summary>More bytes behind the unread ones, which stay; tell <see cref="Received"/> what came. 0 is the end.</summary>
    public ValueTask<int> ReceiveAsync(CancellationToken cancel)
    {
        if (_hasAhead)
        {
            _hasAhead = false;
            return _ahead;
        }
        MakeRoom();
        return _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancel);
    }

    public void Received(int count) => _end += count;

    /// <summary>Starts to receive for the next answer; false if something is there already, be it bytes or the end.</summary>
    public bool TryReceiveAhead()
    {
        if (_buffer.Length != HomeBytes)
        {
            Return(_buffer);
            _buffer = _home;
        }
        _start = _end = 0;
        Keep(_socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, CancellationToken.None));
        return !_ahead.IsCompleted;
    }

    /// <summary>Nothing has come from the peer while idle, not even its end. <paramref name="ask"/>: ask the kernel too, not only what is known.</summary>
    public bool IsQuiet(bool ask)
    {
        try
        {
            return !_ahead.IsCompleted && !(ask && _socket.Poll(0, SelectMode.SelectRead));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Sends what can be sent without waiting; <paramref name="error"/> is Success, WouldBlock (then nothing was taken) or a failure.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes, out SocketError error) => _socket.Send(bytes, SocketFlags.None, out error);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None);

    /// <summary>Closes the connection and ends what waits on it. Callable from any thread, any number of times.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _socket.Dispose();
    }

    /// <summary>For <see cref="ReceiveAsync"/>, which hands it out once.</summary>
    private void Keep(ValueTask<int> ahead)
    {
        _ahead = ahead;
        _hasAhead = true;
    }

    /// <summary>Bytes in a row beyond the buffer: a long header line makes it grow (its reader bounds it), a full one turns it into a bulk buffer.</summary>
    private void MakeRoom()
    {
        if (_start == _end)
        {
            var wasFull = _end == _buffer.Length;
            _start = _end = 0;
            if (wasFull && _buffer.Length < BulkBytes)
                Move(BulkBytes);
        }
        else if (_end == _buffer.Length && _start > 0)
        {
            Unread.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        else if (_end == _buffer.Length)
        {
            Move(_buffer.Length * 2);
        }
    }

    private void Move(int size)
    {
        var bigger = ArrayPool<byte>.Shared.Rent(size);
        Unread.CopyTo(bigger);
        _end -= _start;
        _start = 0;
        var old = _buffer;
        _buffer = bigger;
        Return(old);
    }

    private void Return(byte[] buffer)
    {
        if (buffer != _home)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
