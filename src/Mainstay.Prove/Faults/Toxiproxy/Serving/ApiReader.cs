using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Faults.Toxiproxy.Serving;

/// <summary>
/// Reads HTTP/1.1 requests from one connection: few features, everything bounded, and nothing that a web page in a browser could send from elsewhere.
/// </summary>
internal sealed class ApiReader(Socket socket)
{
    public const int MostHeadBytes = 16 * 1024;
    public const int MostBodyBytes = 1024 * 1024;

    private readonly byte[] _buffer = new byte[8192];
    private int _from;
    private int _to;

    /// <summary>Null at the end of the connection.</summary>
    /// <exception cref="ApiException">It is none; the connection cannot be used further.</exception>
    public async Task<ApiRequest?> ReadAsync(CancellationToken cancel)
    {
        var lines = await ReadHeadAsync(cancel);
        if (lines.Count == 0)
            return null;
        var words = lines[0].Split(' ');
        if (words.Length != 3 || words[2] is not ("HTTP/1.1" or "HTTP/1.0") || !words[1].StartsWith('/'))
            throw new ApiException(400, "this is no HTTP/1.1 request");
        var fields = Fields(lines);
        Check(fields);
        var body = fields.TryGetValue("transfer-encoding", out var coding) ? await ReadChunksAsync(coding, fields, cancel)
            : fields.TryGetValue("content-length", out var length) ? await ReadBodyAsync(length, cancel)
            : [];
        var path = words[1].Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString);
        var connection = fields.GetValueOrDefault("connection", "");
        var close = connection.Contains("close", StringComparison.OrdinalIgnoreCase)
            || (words[2] == "HTTP/1.0" && !connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase));
        return new(words[0], [.. path], body, close);
    }

    private static Dictionary<string, string> Fields(List<string> lines)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':');
            if (colon <= 0 || line[colon - 1] is ' ' or '\t')
                throw new ApiException(400, "a header field is malformed");
            if (!fields.TryAdd(line[..colon], line[(colon + 1)..].Trim()) && line[..colon].ToLowerInvariant() is "host" or "content-length" or "transfer-encoding")
                throw new ApiException(400, $"{line[..colon]} stands there twice");
        }
        return fields;
    }

    /// <summary>A page in a browser may reach loopback ports, also by a name that was pointed at them: neither is a client of ours.</summary>
    private static void Check(Dictionary<string, string> fields)
    {
        var host = fields.GetValueOrDefault("host", "");
        var name = host.StartsWith('[') ? host.Split(']')[0] + "]" : host.Split(':')[0];
        if (name.Length > 0 && name is not "[::1]" && !name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && !(System.Net.IPAddress.TryParse(name, out var address) && System.Net.IPAddress.IsLoopback(address)))
            throw new ApiException(403, "the API is for this machine: ask for it by localhost or 127.0.0.1");
        if (fields.ContainsKey("origin") || fields.GetValueOrDefault("user-agent", "").StartsWith("Mozilla/", StringComparison.Ordinal))
            throw new ApiException(403, "browsers are not served");
    }

    private async Task<List<string>> ReadHeadAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        var left = MostHeadBytes;
        while (true)
        {
            var line = await ReadLineAsync(left, cancel);
            if (line is null)
                return lines.Count == 0 ? lines : throw new ApiException(400, "the request ends in its head");
            left -= line.Length + 2;
            if (line.Length == 0 && lines.Count > 0)
                return lines;
            if (line.Length > 0)
                lines.Add(line);
            if (left <= 0)
                throw new ApiException(431, "the request's head is too large");
        }
    }

    private async Task<byte[]> ReadBodyAsync(string length, CancellationToken cancel)
    {
        if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            throw new ApiException(400, "Content-Length is no number");
        if (bytes > MostBodyBytes)
            throw new ApiException(413, $"a body has at most {MostBodyBytes} bytes");
        return await ReadBytesAsync((int)bytes, cancel);
    }

    private async Task<byte[]> ReadChunksAsync(string coding, Dictionary<string, string> fields, CancellationToken cancel)
    {
        if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) || fields.ContainsKey("content-length"))
            throw new ApiException(400, "the request's framing is unclear");
        var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync(256, cancel);
            if (line is null || !int.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0)
                throw new ApiException(400, "a chunk's size is malformed");
            if (size > MostBodyBytes - body.Length)
                throw new ApiException(413, $"a body has at most {MostBodyBytes} bytes");
            if (size == 0)
                break;
            body.Write(await ReadBytesAsync(size, cancel));
            if (await ReadLineAsync(2, cancel) is not "")
                throw new ApiException(400, "a chunk is longer than its size");
        }
        for (var left = MostHeadBytes; await ReadLineAsync(left, cancel) is { Length: > 0 } trailer;)
        {
            if ((left -= trailer.Length + 2) <= 0)
                throw new ApiException(431, "the trailers are too large");
        }
        return body.ToArray();
    }

    /// <summary>Null at the end of the stream.</summary>
    private async Task<string?> ReadLineAsync(int most, CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_from == _to && !await FillAsync(cancel))
                return line.Length == 0 ? null : throw new ApiException(400, "the request ends in a line");
            var letter = (char)_buffer[_from++];
            if (letter == '\n')
                return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
            if (letter == '\0')
                throw new ApiException(400, "the request holds a NUL");
            line.Append(letter);
            if (line.Length > most)
                throw new ApiException(431, "a line of the request is too long");
        }
    }

    private async Task<byte[]> ReadBytesAsync(int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            if (_from == _to && !await FillAsync(cancel))
                throw new ApiException(400, "the request ends in its body");
            var taken = Math.Min(count - have, _to - _from);
            _buffer.AsSpan(_from, taken).CopyTo(bytes.AsSpan(have));
            have += taken;
            _from += taken;
        }
        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        (_from, _to) = (0, await socket.ReceiveAsync(_buffer, cancel));
        return _to > 0;
    }
}
