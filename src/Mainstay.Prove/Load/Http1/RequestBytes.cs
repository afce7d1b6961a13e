using System.Buffers;
using System.Text;

namespace Mainstay.Prove.Load.Http1;

/// <summary>A stream's request as it goes over the wire, written once.</summary>
internal static class RequestBytes
{
    public const int NumberDigits = 12;

    /// <summary>Where the request's number stands; null when it has none.</summary>
    public static Range? NumberIn(StreamSpec stream, byte[] bytes)
    {
        var end = bytes.Length - stream.Body.Length - "\r\n\r\n".Length;
        return stream.NumberHeader is null ? null : (end - NumberDigits)..end;
    }

    /// <exception cref="ArgumentException">A part of it would break the request.</exception>
    public static byte[] Of(StreamSpec stream, string host)
    {
        var head = new StringBuilder();
        Check(stream.Method, stream.Method.Length > 0 && stream.Method.All(char.IsAsciiLetterOrDigit), "method");
        Check(stream.Path, stream.Path.StartsWith('/') && stream.Path.All(letter => letter is > ' ' and < '\x7f'), "path");
        head.Append($"{stream.Method} {stream.Path} HTTP/1.1\r\n");
        if (!Has(stream, "Host"))
            head.Append($"Host: {host}\r\n");
        if (!Has(stream, "User-Agent"))
            head.Append("User-Agent: mainstay-load\r\n");
        foreach (var (name, value) in stream.Headers)
        {
            Check(name, name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameLetters), "header's name");
            Check(value, value.All(letter => letter is >= ' ' and < '\x7f' or '\t'), "header's value");
            head.Append($"{name}: {value}\r\n");
        }
        if (stream.NumberHeader is { } numbered)
            Check(numbered, numbered.Length > 0 && !numbered.AsSpan().ContainsAnyExcept(NameLetters), "header's name");
        if (!Has(stream, "Content-Length") && !Has(stream, "Transfer-Encoding") && (stream.Body.Length > 0 || stream.Method is "POST" or "PUT" or "PATCH"))
            head.Append($"Content-Length: {stream.Body.Length}\r\n");
        // The last one: so its place is known.
        if (stream.NumberHeader is { } number)
            head.Append($"{number}: {new string('0', NumberDigits)}\r\n");
        head.Append("\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. stream.Body.Span];
    }

    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static bool Has(StreamSpec stream, string name) =>
        stream.Headers.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static void Check(string text, bool good, string what)
    {
        if (!good)
            throw new ArgumentException($"'{text}' cannot be sent as a {what}");
    }
}
