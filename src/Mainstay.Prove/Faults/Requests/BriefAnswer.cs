using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Faults.Requests;

/// <summary>An HTTP/1.1 answer to a GET, for a client that wants only the status.</summary>
/// <param name="Status">0: none came.</param>
/// <param name="IsReusable">The answer is whole and the connection may be used again.</param>
internal readonly record struct BriefAnswer(int Status, bool IsReusable)
{
    private const int MostHeadBytes = 64 * 1024;

    /// <exception cref="SocketException">The connection was lost.</exception>
    public static async Task<BriefAnswer> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[8192];
        var text = new StringBuilder();
        int end;
        while ((end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            var count = await socket.ReceiveAsync(buffer, cancel);
            if (count == 0 || text.Length > MostHeadBytes)
                return default;
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        var head = text.ToString(0, end);
        if (!head.StartsWith("HTTP/1.", StringComparison.Ordinal) || head.Length < 12
            || !int.TryParse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            return default;
        var stays = Field(head, "connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;
        if (status is 204 or 304)
            return new(status, stays);
        if (Field(head, "transfer-encoding") is not null)
        {
            var tail = text.ToString(end + 2, text.Length - end - 2);
            return new(status, await SkipChunksAsync(socket, buffer, tail, cancel) && stays);
        }
        return long.TryParse(Field(head, "content-length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new(status, await SkipAsync(socket, buffer, length - (text.Length - end - 4), cancel) && stays)
            : new(status, IsReusable: false);
    }

    private static async Task<bool> SkipAsync(Socket socket, byte[] buffer, long left, CancellationToken cancel)
    {
        while (left > 0)
        {
            var count = await socket.ReceiveAsync(buffer, cancel);
            if (count == 0)
                return false;
            left -= count;
        }
        return true;
    }

    /// <summary>What looks like the last chunk is enough to go by.</summary>
    private static async Task<bool> SkipChunksAsync(Socket socket, byte[] buffer, string tail, CancellationToken cancel)
    {
        while (!tail.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, cancel);
            if (count == 0)
                return false;
            var all = tail + Encoding.Latin1.GetString(buffer, 0, count);
            tail = all[^Math.Min(16, all.Length)..];
        }
        return true;
    }

    private static string? Field(string head, string name) => head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
