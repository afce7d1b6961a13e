using System.Buffers.Text;
using System.Text;

namespace Mainstay.Testing.Load;

/// <summary>The few things of an answer's head that say how it goes on.</summary>
internal readonly record struct BriefHead(int Status, long Length, bool Chunked, bool Close, bool RetryAfter)
{
    /// <param name="head">Status line and fields, each ended by CR LF.</param>
    public static BriefHead Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < 14 || !head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _))
            return new(0, 0, false, true, false);
        var result = new BriefHead(status, -1, false, head[7] == '0', false);
        for (var rest = head[(head.IndexOf("\r\n"u8) + 2)..]; rest.Length > 0;)
        {
            var end = rest.IndexOf("\r\n"u8);
            result = result.With(rest[..end]);
            rest = rest[(end + 2)..];
        }
        return result;
    }

    private BriefHead With(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
            return this;
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim((byte)' ');
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
            return this with { Length = Utf8Parser.TryParse(value, out long length, out _) ? length : -1 };
        if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
            return this with { Chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8) };
        if (Ascii.EqualsIgnoreCase(name, "connection"u8))
            return this with { Close = Ascii.EqualsIgnoreCase(value, "close"u8) };
        return Ascii.EqualsIgnoreCase(name, "retry-after"u8) ? this with { RetryAfter = true } : this;
    }
}
