using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

/// <summary>A server on loopback that plays one script per connection, byte by byte as written. Counts what it saw.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<ScriptedConnection, Task> _script;
    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(30));
    private readonly List<Task> _running = [];
    private readonly Task _accepting;
    private int _connections;

    public ScriptedUpstream(Func<ScriptedConnection, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(128);
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What went wrong inside a script.</summary>
    public List<Exception> Faults { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] running;
        lock (_running)
            running = [.. _running];
        await Task.WhenAll(running);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_end.Token);
                var number = Interlocked.Increment(ref _connections);
                lock (_running)
                    _running.Add(PlayAsync(new ScriptedConnection(socket, number, _end.Token)));
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PlayAsync(ScriptedConnection connection)
    {
        try
        {
            await _script(connection);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException or EndOfStreamException)
        {
            lock (Faults)
                Faults.Add(error);
        }
        finally
        {
            connection.Close();
        }
    }
}

/// <summary>The server's end of one connection.</summary>
internal sealed class ScriptedConnection(Socket socket, int number, CancellationToken end)
{
    private readonly List<byte> _unread = [];

    /// <summary>1 for the first connection.</summary>
    public int Number => number;

    public Task<string> ReadHeadAsync() => ReadThroughAsync("\r\n\r\n");

    /// <summary>Everything up to and with a mark.</summary>
    public async Task<string> ReadThroughAsync(string mark)
    {
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. _unread]);
            var at = text.IndexOf(mark, StringComparison.Ordinal);
            if (at >= 0)
            {
                _unread.RemoveRange(0, at + mark.Length);
                return text[..(at + mark.Length)];
            }
            await ReceiveAsync();
        }
    }

    public async Task<string> ReadAsync(int count)
    {
        while (_unread.Count < count)
            await ReceiveAsync();
        var text = Encoding.Latin1.GetString([.. _unread[..count]]);
        _unread.RemoveRange(0, count);
        return text;
    }

    /// <summary>Until the client closes or resets.</summary>
    public async Task<string> ReadToEndAsync()
    {
        try
        {
            while (true)
                await ReceiveAsync();
        }
        catch (Exception error) when (error is EndOfStreamException or SocketException)
        {
            return Encoding.Latin1.GetString([.. _unread]);
        }
    }

    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, end)..];
    }

    /// <summary>One byte at a time, each in a packet of its own.</summary>
    public async Task DripAsync(string text)
    {
        socket.NoDelay = true;
        foreach (var letter in Encoding.Latin1.GetBytes(text))
            await SendAsync(new byte[] { letter });
    }

    public void Close() => socket.Dispose();

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[16 * 1024];
        var count = await socket.ReceiveAsync(buffer, SocketFlags.None, end);
        if (count == 0)
            throw new EndOfStreamException();
        _unread.AddRange(buffer.AsSpan(0, count));
    }
}
