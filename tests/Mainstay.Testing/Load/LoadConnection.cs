using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Mainstay.Testing.Load;

/// <param name="Status">0: the connection ended before the answer was complete.</param>
/// <param name="RetryAfter">The answer says when to come again.</param>
/// <param name="KeepAlive">The connection can be used again.</param>
internal readonly record struct BriefAnswer(int Status, bool RetryAfter, bool KeepAlive);

/// <summary>
/// A connection to loopback that reads of an answer only what load needs to know. A connection that ends is an answer of status 0, not an
/// exception: thousands of clients may give up each second.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>When it was last put back, in seconds of its owner's clock.</summary>
    public double IdleSince { get; set; }

    /// <summary>Its client has gone: what waits for an answer here gets status 0.</summary>
    public bool GivenUp { get; private set; }

    public async ValueTask<BriefAnswer> ExchangeAsync(int port, ReadOnlyMemory<byte> request, bool isHead)
    {
        try
        {
            if (!_socket.Connected)
                await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            while (request.Length > 0)
                request = request[await _socket.SendAsync(request)..];
            return await ReadAnswerAsync(isHead);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return default;
        }
    }

    /// <summary>Closes from another thread than the one that waits.</summary>
    public void GiveUp()
    {
        GivenUp = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _socket.Dispose();
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<BriefAnswer> ReadAnswerAsync(bool isHead)
    {
        int headEnd;
        while ((headEnd = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync())
                return default;
        }
        var head = BriefHead.Read(_buffer.AsSpan(_start, headEnd + 2));
        _start += headEnd + 4;
        if (head.Status is >= 100 and < 200)
            return await ReadAnswerAsync(isHead);
        var complete = isHead || head.Status is 204 or 304 || head switch
        {
            { Chunked: true } => await SkipChunksAsync(),
            { Length: >= 0 } => await SkipAsync(head.Length),
            _ => await SkipToEndAsync(),
        };
        return complete ? new(head.Status, head.RetryAfter, !head.Close && (head.Chunked || head.Length >= 0)) : default;
    }

    private async ValueTask<bool> SkipChunksAsync()
    {
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            {
                if (!await FillAsync())
                    return false;
            }
            if (!Utf8Parser.TryParse(_buffer.AsSpan(_start, line), out int size, out _, 'x'))
                return false;
            _start += line + 2;
            if (!await SkipAsync(size + 2L))
                return false;
            if (size == 0)
                return true;
        }
    }

    private async ValueTask<bool> SkipAsync(long count)
    {
        while (true)
        {
            var here = (int)Math.Min(count, _end - _start);
            _start += here;
            if ((count -= here) == 0)
                return true;
            if (!await FillAsync())
                return false;
        }
    }

    private async ValueTask<bool> SkipToEndAsync()
    {
        do
            _start = _end;
        while (await FillAsync());
        return !GivenUp;
    }

    /// <summary>Reads more behind what has not been looked at yet; false at the end, or when a head does not fit.</summary>
    private async ValueTask<bool> FillAsync()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var count = _end == _buffer.Length ? 0 : await _socket.ReceiveAsync(_buffer.AsMemory(_end));
        _end += count;
        return count > 0;
    }
}
