using System.Text;

namespace Mainstay.Edge.Exchanges;

/// <summary>Header fields that concern one connection only and are not passed on (RFC 9110, section 7.6.1).</summary>
internal static class HopByHop
{
    /// <summary>Names taken from Connection fields at most: nobody honest sends more, and each costs a search.</summary>
    private const int MostNominated = 64;

    /// <summary>
    /// Takes them from a request, and whatever its Connection field names. What we set ourselves must be set afterwards, so that
    /// no client can strip it by naming it. <c>TE: trailers</c> stays: gRPC servers insist on it.
    /// </summary>
    public static void RemoveFromRequest(HeaderBlock headers, bool keepUpgrade)
    {
        var nominates = false;
        var trailers = false;
        for (var i = headers.Count - 1; i >= 0; i--)
        {
            switch (headers.IdAt(i))
            {
                case HeaderId.Connection:
                    nominates |= NamesFields(headers.ValueAt(i));
                    break;
                case HeaderId.TE:
                    trailers |= HasToken(headers.ValueAt(i), "trailers"u8);
                    headers.RemoveAt(i);
                    break;
                case HeaderId.Upgrade when keepUpgrade:
                    break;
                case HeaderId.KeepAlive or HeaderId.ProxyAuthenticate or HeaderId.ProxyAuthorization or HeaderId.ProxyConnection
                    or HeaderId.TransferEncoding or HeaderId.Upgrade:
                    headers.RemoveAt(i);
                    break;
                case HeaderId.Unknown when ConcernsProxy(headers.NameAt(i)):
                    headers.RemoveAt(i);
                    break;
            }
        }
        if (nominates)
            RemoveNominated(headers);
        headers.Remove(HeaderId.Connection);
        if (trailers)
            headers.Add(HeaderId.TE, "trailers"u8);
    }

    /// <summary>Takes them from an answer, and whatever its Connection field names.</summary>
    public static void RemoveFromAnswer(HeaderBlock headers, bool keepUpgrade)
    {
        var nominates = false;
        for (var i = headers.Count - 1; i >= 0; i--)
        {
            switch (headers.IdAt(i))
            {
                case HeaderId.Connection:
                    nominates |= NamesFields(headers.ValueAt(i));
                    break;
                case HeaderId.Upgrade when keepUpgrade:
                    break;
                case HeaderId.KeepAlive or HeaderId.ProxyConnection or HeaderId.TransferEncoding or HeaderId.Upgrade:
                    headers.RemoveAt(i);
                    break;
            }
        }
        if (nominates)
            RemoveNominated(headers);
        headers.Remove(HeaderId.Connection);
    }

    /// <summary>Whether Transfer-Encoding names anything but <c>chunked</c>, once. The server in front takes that one off, and no other.</summary>
    public static bool HasForeignCoding(HeaderBlock headers)
    {
        var at = headers.IndexOf(HeaderId.TransferEncoding);
        return at >= 0 && (headers.IndexOf(HeaderId.TransferEncoding, at + 1) >= 0 || !Ascii.EqualsIgnoreCase(headers.ValueAt(at), "chunked"u8));
    }

    /// <summary>Whether a comma-separated list holds a token, whatever its case; parameters after a semicolon are ignored.</summary>
    public static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (var range in list.Split((byte)','))
        {
            var item = list[range];
            if (item.IndexOf((byte)';') is var end and >= 0)
                item = item[..end];
            if (Ascii.EqualsIgnoreCase(item[Ascii.Trim(item)], token))
                return true;
        }
        return false;
    }

    /// <summary>Anything but the usual <c>close</c>, <c>keep-alive</c> and <c>Upgrade</c>.</summary>
    private static bool NamesFields(ReadOnlySpan<byte> connection) =>
        !Ascii.EqualsIgnoreCase(connection, "close"u8)
        && !Ascii.EqualsIgnoreCase(connection, "keep-alive"u8)
        && !Ascii.EqualsIgnoreCase(connection, "upgrade"u8);

    /// <summary>Proxy (which CGI programs would take for an environment variable of theirs), Proxy-* and what HTTP/2 upgrades carry.</summary>
    private static bool ConcernsProxy(ReadOnlySpan<byte> name) => name.Length >= 5 && (name[0] | 0x20) switch
    {
        'p' => Ascii.EqualsIgnoreCase(name[..5], "proxy"u8) && (name.Length == 5 || name[5] == '-'),
        'h' => Ascii.EqualsIgnoreCase(name, "http2-settings"u8),
        _ => false,
    };

    private static void RemoveNominated(HeaderBlock headers)
    {
        // Text, and all of it first, because removing fields moves the others.
        var names = new List<string>();
        for (var at = headers.IndexOf(HeaderId.Connection); at >= 0; at = headers.IndexOf(HeaderId.Connection, at + 1))
            names.AddRange(headers.ValueText(at).Split(',', MostNominated, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        foreach (var name in names.Take(MostNominated))
        {
            // Routing and framing are not changed from here; Connection goes last, Upgrade and TE are decided elsewhere.
            if (HeaderNames.Find(name) is not (HeaderId.Host or HeaderId.ContentLength or HeaderId.Connection or HeaderId.Upgrade or HeaderId.TE))
                headers.Remove(name);
        }
    }
}
