using System.Buffers;

namespace Mainstay.Edge.Listening;

/// <summary>What the first bytes of a cleartext connection say.</summary>
internal enum FirstBytes
{
    /// <summary>Too few to tell.</summary>
    Undecided,
    Http1,

    /// <summary>The client's connection preface (RFC 9113, section 3.4): HTTP/2 by prior knowledge.</summary>
    Http2,
}

/// <summary>Tells HTTP/2 by prior knowledge from HTTP/1.1.</summary>
internal static class Preface
{
    /// <summary>No HTTP/1 request can begin like this: there is no method PRI.</summary>
    private static ReadOnlySpan<byte> Http2 => "PRI * HTTP/2.0\r\n"u8;

    public static FirstBytes Judge(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> copy = stackalloc byte[Http2.Length];
        var length = (int)Math.Min(bytes.Length, Http2.Length);
        bytes.Slice(0, length).CopyTo(copy);
        if (!Http2.StartsWith(copy[..length]))
            return FirstBytes.Http1;
        return length == Http2.Length ? FirstBytes.Http2 : FirstBytes.Undecided;
    }
}
