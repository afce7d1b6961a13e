using System.Globalization;
using System.Text;

namespace Mainstay.Prove.Faults.Proxy.Http;

/// <summary>What the head of a request says about what follows it.</summary>
/// <param name="Length">Bytes of the body; −1: chunked.</param>
/// <param name="LeavesHttp">What follows may be another protocol: an upgrade or a tunnel.</param>
internal sealed record RequestHead(SeenRequest Request, long Length, bool LeavesHttp)
{
    /// <summary>Null when it is no HTTP/1.x request.</summary>
    public static RequestHead? Parse(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        var lines = text.Split('\n');
        var words = lines[0].TrimEnd('\r').Split(' ');
        if (words.Length != 3 || words[0].Length == 0 || !words[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
            return null;
        string? id = null, parent = null;
        long length = 0;
        var leaves = words[0] == "CONNECT";
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':');
            if (colon <= 0)
                continue;
            var value = line[(colon + 1)..].Trim();
            switch (line[..colon].ToLowerInvariant())
            {
                case "x-request-id": id = value; break;
                case "traceparent": parent = value; break;
                case "upgrade": leaves |= !value.Equals("h2c", StringComparison.OrdinalIgnoreCase); break;
                case "transfer-encoding": length = -1; break;
                case "content-length" when length >= 0:
                    if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out length))
                        return null;
                    break;
            }
        }
        return new(new(words[0], words[1], id ?? TraceOf(parent)), length, leaves);
    }

    private static string TraceOf(string? parent) => parent?.Split('-') is [_, { Length: 32 } trace, ..] ? trace : "";
}
