using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Testing.Http;

/// <summary>
/// One connection to loopback that sends what it is told, once. HttpClient would resend a request silently when a kept connection
/// closes; here every failure is seen.
/// </summary>
public sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly int _port;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private HttpConnection(Socket socket, int port)
    {
        _socket = socket;
        _port = port;
    }

    public static async Task<HttpConnection> OpenAsync(int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return new(socket, port);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One request on a connection of its own, within 60 s.</summary>
    public static async Task<HttpAnswer> OnceAsync(int port, HttpCall call)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var connection = await OpenAsync(port, limit.Token);
        return await connection.SendAsync(call, limit.Token);
    }

    /// <summary>The other side has closed it, or said something nobody asked for: what a client looks at before it uses an idle connection again.</summary>
    public bool IsOver => _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken cancel)
    {
        await WriteAsync(call.ToBytes(_port), cancel);
        return await ReadAnswerAsync(call.Method, cancel);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, cancel)..];
    }

    public async Task<HttpAnswer> ReadAnswerAsync(string method, CancellationToken cancel)
    {
        var (status, headers) = await ReadHeadAsync(cancel);
        while (status is >= 100 and < 200)
            (status, headers) = await ReadHeadAsync(cancel);
        string? Value(string name) => headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();
        var keep = Value("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;
        byte[] body;
        if (method == "HEAD" || status is 204 or 304)
            body = [];
        else if (Value("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
            body = await ReadChunkedAsync(cancel);
        else if (Value("Content-Length") is { } length)
            body = await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture), cancel);
        else
        {
            body = await ReadToEndAsync(cancel);
            keep = false;
        }
        return new(status, headers, body, keep);
    }

    public async Task<(int Status, List<KeyValuePair<string, string>> Headers)> ReadHeadAsync(CancellationToken cancel)
    {
        var statusLine = await ReadLineAsync("before an answer", cancel);
        if (!statusLine.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            throw new IOException($"no HTTP answer: {statusLine}");
        var headers = new List<KeyValuePair<string, string>>();
        while (await ReadLineAsync("inside the head", cancel) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }
        return (int.Parse(statusLine.AsSpan(9, 3), CultureInfo.InvariantCulture), headers);
    }

    /// <summary>The next chunk of a chunked answer; empty at its end.</summary>
    public async Task<byte[]> ReadChunkAsync(CancellationToken cancel)
    {
        var size = int.Parse((await ReadLineAsync("inside the body", cancel)).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var chunk = await ReadExactlyAsync(size, cancel);
        if (size > 0)
        {
            await ReadLineAsync("inside the body", cancel);
            return chunk;
        }
        while ((await ReadLineAsync("inside the trailers", cancel)).Length > 0)
        {
        }
        return chunk;
    }

    /// <summary>Reads so many bytes of a body and keeps none; gives how many there were.</summary>
    public async Task<long> SkipAsync(long bytes, CancellationToken cancel)
    {
        long done = 0;
        while (done < bytes)
        {
            if (_start == _end)
                await FillAsync("inside the body", cancel);
            var count = Math.Min(bytes - done, _end - _start);
            _start += (int)count;
            done += count;
        }
        return done;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]> ReadChunkedAsync(CancellationToken cancel)
    {
        using var body = new MemoryStream();
        while (await ReadChunkAsync(cancel) is { Length: > 0 } chunk)
            body.Write(chunk);
        return body.ToArray();
    }

    private async Task<byte[]> ReadExactlyAsync(int length, CancellationToken cancel)
    {
        var body = new byte[length];
        for (var done = 0; done < length;)
        {
            if (_start == _end)
                await FillAsync("inside the body", cancel);
            var count = Math.Min(length - done, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(body.AsSpan(done));
            _start += count;
            done += count;
        }
        return body;
    }

    private async Task<byte[]> ReadToEndAsync(CancellationToken cancel)
    {
        using var body = new MemoryStream();
        body.Write(_buffer, _start, _end - _start);
        for (int count; (count = await _socket.ReceiveAsync(_buffer, cancel)) > 0;)
            body.Write(_buffer, 0, count);
        return body.ToArray();
    }

    private async Task<string> ReadLineAsync(string where, CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
                await FillAsync(where, cancel);
            var next = (char)_buffer[_start++];
            if (next == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(next);
            if (line.Length > 64 * 1024)
                throw new IOException("a line longer than 64 KiB");
        }
    }

    private async Task FillAsync(string where, CancellationToken cancel)
    {
        _start = 0;
        _end = await _socket.ReceiveAsync(_buffer, cancel);
        if (_end == 0)
            throw new IOException($"closed {where}");
    }
}
