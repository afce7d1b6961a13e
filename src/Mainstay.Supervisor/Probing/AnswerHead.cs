using System.Buffers.Text;

namespace Mainstay.Supervisor.Probing;

/// <summary>The little of an HTTP/1.x answer's head that a probe needs.</summary>
internal static class AnswerHead
{
    /// <summary>False: more bytes are needed.</summary>
    /// <param name="bytes">What was received so far.</param>
    /// <param name="status">The status code; null if this is no HTTP.</param>
    /// <param name="length">The head's length with its empty line.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int? status, out int length)
    {
        status = null;
        length = 0;
        var common = Math.Min(bytes.Length, 7);
        if (!bytes[..common].SequenceEqual("HTTP/1."u8[..common]))
            return true;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        length = end + 4;
        // HTTP/1.1 200 …: the version's minor digit, a space, three digits.
        if (end >= 12 && bytes[8] == (byte)' ' && Utf8Parser.TryParse(bytes[9..12], out int code, out var used) && used == 3 && code >= 100)
            status = code;
        return true;
    }
}
