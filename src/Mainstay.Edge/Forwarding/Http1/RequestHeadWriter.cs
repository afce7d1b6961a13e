using System.Text;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>
/// Writes a request's head. Framing and connection fields are ours; anything that could end a line early is refused, whoever let it
/// through before. Fields named by the client's Connection are not looked at here: a client must not be able to strip what the edge has set.
/// </summary>
internal static class RequestHeadWriter
{
    /// <summary>Returns what is wrong with the request, or null.</summary>
    public static string? Write(RequestHead request, bool hasBody, string authority, SendBuffer to)
    {
        if (!Grammar.IsToken(request.Method) || request.Method == "CONNECT")
            return "method cannot be forwarded";
        if (!Grammar.IsTarget(request.Target))
            return "bad request target";
        to.Write(request.Method);
        to.Write(" "u8);
        to.Write(request.Target);
        to.Write(" HTTP/1.1\r\nHost: "u8);
        if (WriteHost(request, authority, to) is { } fault)
            return fault;
        if (WriteFields(request.Headers, hasBody, to) is { } wrong)
            return wrong;
        if (request.Upgrade is { } upgrade)
        {
            if (!Grammar.IsValue(upgrade))
                return "bad upgrade";
            to.Write("Connection: Upgrade\r\nUpgrade: "u8);
            to.Write(upgrade);
            to.Write("\r\n"u8);
        }
        else if (request.Headers.TryGet(HeaderId.TE, out var accepts) && TakesTrailers(accepts))
        {
            to.Write("TE: trailers\r\nConnection: TE\r\n"u8);
        }
        WriteFraming(request, hasBody, to);
        return null;
    }

    /// <summary>The trailer section after the last chunk; fields that may not stand there are left out.</summary>
    public static void WriteTrailers(HeaderBlock? trailers, SendBuffer to)
    {
        for (var i = 0; i < (trailers?.Count ?? 0); i++)
        {
            var name = trailers!.NameAt(i);
            var value = trailers.ValueAt(i);
            if (Grammar.IsToken(name) && Grammar.IsValue(value) && !IsOurs(trailers.IdAt(i)) && trailers.IdAt(i) != HeaderId.Trailer)
                WriteField(name, value, to);
        }
        to.Write("\r\n"u8);
    }

    private static string? WriteHost(RequestHead request, string authority, SendBuffer to)
    {
        if (request.Headers.TryGet(HeaderId.Host, out var host) && !host.IsEmpty)
        {
            if (!Grammar.IsValue(host))
                return "bad host";
            to.Write(host);
        }
        else
        {
            var text = request.Host.Length > 0 ? request.Host : authority;
            if (!Grammar.IsTarget(text))
                return "bad host";
            to.Write(text);
        }
        to.Write("\r\n"u8);
        return null;
    }

    private static string? WriteFields(HeaderBlock headers, bool hasBody, SendBuffer to)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var id = headers.IdAt(i);
            if (IsOurs(id) || (id == HeaderId.Expect && !hasBody))
                continue;
            var name = headers.NameAt(i);
            var value = headers.ValueAt(i);
            if ((id == HeaderId.Unknown && !Grammar.IsToken(name)) || !Grammar.IsValue(value))
                return "bad header field";
            WriteField(name, value, to);
        }
        return null;
    }

    private static void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, SendBuffer to)
    {
        var line = to.Take(name.Length + value.Length + 4);
        name.CopyTo(line);
        line[name.Length] = (byte)':';
        line[name.Length + 1] = (byte)' ';
        value.CopyTo(line[(name.Length + 2)..]);
        line[^2] = (byte)'\r';
        line[^1] = (byte)'\n';
    }

    /// <summary>A request without a body says so only where one is usual (RFC 9110, section 8.6).</summary>
    private static void WriteFraming(RequestHead request, bool hasBody, SendBuffer to)
    {
        if (hasBody && request.ContentLength is null)
        {
            to.Write("Transfer-Encoding: chunked\r\n\r\n"u8);
        }
        else if (hasBody || request.ContentLength is 0 || request.Method is "POST" or "PUT" or "PATCH")
        {
            to.Write("Content-Length: "u8);
            to.Write(hasBody ? request.ContentLength!.Value : 0);
            to.Write("\r\n\r\n"u8);
        }
        else
        {
            to.Write("\r\n"u8);
        }
    }

    private static bool TakesTrailers(ReadOnlySpan<byte> accepts)
    {
        foreach (var part in accepts.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(Grammar.Trim(accepts[part]), "trailers"u8))
                return true;
        }
        return false;
    }

    private static bool IsOurs(HeaderId id) => id is HeaderId.Host or HeaderId.Connection or HeaderId.KeepAlive or HeaderId.TransferEncoding
        or HeaderId.ContentLength or HeaderId.Upgrade or HeaderId.TE or HeaderId.ProxyConnection or HeaderId.ProxyAuthorization
        or HeaderId.ProxyAuthenticate;
}
