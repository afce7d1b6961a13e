using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Routing;

namespace Mainstay.Edge.Identifying;

/// <summary>X-Forwarded-For, -Proto, -Host and Forwarded (RFC 7239): what the upstream learns of where a request came from.</summary>
internal static class ForwardingFields
{
    /// <summary>For a stranger: whatever it claims is thrown away.</summary>
    public static void SetAnew(RequestHead request)
    {
        var headers = request.Headers;
        Remove(headers);
        RemoveOthers(headers);
        headers.Add(HeaderId.XForwardedFor, request.PeerText);
        headers.Add(HeaderId.XForwardedProto, request.Scheme);
        if (request.Host.Length > 0)
            headers.Add(HeaderId.XForwardedHost, request.Host);
        Span<char> element = stackalloc char[HostName.Longest + 128];
        headers.Add(HeaderId.Forwarded, element[..WriteOwn(request, element)]);
    }

    /// <summary>For a trusted proxy: what it says is believed, completed and passed on.</summary>
    /// <returns>The hops in front of the peer, the farthest first.</returns>
    public static List<ForwardedHop> Append(RequestHead request)
    {
        var headers = request.Headers;
        var listed = Joined(headers, HeaderId.XForwardedFor) is { } list ? ForwardedHop.ReadList(list) : null;
        var forwarded = Joined(headers, HeaderId.Forwarded);
        var told = forwarded is null ? null : ForwardedHop.Read(forwarded);
        // A proxy that speaks only one of the two passes on what a stranger wrote into the other. X-Forwarded-For is what nearly all speak.
        var agree = told is not null && (listed is null || listed.Select(hop => hop.Address).SequenceEqual(told.Select(hop => hop.Address)));
        var hops = listed ?? told ?? [];
        var proto = headers.Text(HeaderId.XForwardedProto)?.Trim().ToLowerInvariant() ?? (agree ? told!.LastOrDefault().Proto : null);
        var host = headers.Text(HeaderId.XForwardedHost) ?? (agree ? told!.LastOrDefault().Host : null);
        Remove(headers);
        var own = new char[HostName.Longest + 128];
        var element = own.AsSpan(0, WriteOwn(request, own));
        request.Scheme = proto is "http" or "https" ? proto : request.Scheme;
        headers.Add(HeaderId.XForwardedFor, string.Join(", ", hops.Select(hop => hop.For).Append(request.PeerText)));
        headers.Add(HeaderId.XForwardedProto, request.Scheme);
        if ((host is { Length: > 0 } && HostName.IsValid(host) ? host : request.Host) is { Length: > 0 } known)
            headers.Add(HeaderId.XForwardedHost, known);
        var before = agree ? forwarded : string.Join(", ", hops.Select(hop => $"for={Node(hop)}"));
        headers.Add(HeaderId.Forwarded, string.IsNullOrEmpty(before) ? element : $"{before}, {element}");
        return hops;
    }

    private static void Remove(HeaderBlock headers)
    {
        headers.Remove(HeaderId.XForwardedFor);
        headers.Remove(HeaderId.XForwardedProto);
        headers.Remove(HeaderId.XForwardedHost);
        headers.Remove(HeaderId.Forwarded);
    }

    /// <summary>X-Forwarded-Port, -Prefix, -Ssl and whatever else some framework believes.</summary>
    private static void RemoveOthers(HeaderBlock headers)
    {
        for (var i = headers.Count - 1; i >= 0; i--)
        {
            if (headers.IdAt(i) == HeaderId.Unknown && headers.NameAt(i) is { Length: >= 11 } name && (name[0] | 0x20) == 'x'
                && Ascii.EqualsIgnoreCase(name[..11], "X-Forwarded"u8) && (name.Length == 11 || name[11] == '-'))
                headers.RemoveAt(i);
        }
    }

    /// <summary>Our own element: who came to us, for which host, how.</summary>
    private static int WriteOwn(RequestHead request, Span<char> to)
    {
        var at = 0;
        Write(request.PeerText.Contains(':') ? "for=\"[" : "for=", to, ref at);
        Write(request.PeerText, to, ref at);
        Write(request.PeerText.Contains(':') ? "]\"" : "", to, ref at);
        if (request.Host.Length > 0)
        {
            Write(";host=\"", to, ref at);
            Write(request.Host, to, ref at);
            Write("\"", to, ref at);
        }
        Write(";proto=", to, ref at);
        Write(request.Scheme, to, ref at);
        return at;
    }

    private static void Write(ReadOnlySpan<char> text, Span<char> to, ref int at)
    {
        text.CopyTo(to[at..]);
        at += text.Length;
    }

    /// <summary>Addresses of IPv6 and ports need quotes; whatever is no address is not repeated.</summary>
    private static string Node(ForwardedHop hop) => hop.Address switch
    {
        null => "unknown",
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } address => $"\"[{address}]\"",
        var address => address.ToString(),
    };

    private static string? Joined(HeaderBlock headers, HeaderId id)
    {
        var at = headers.IndexOf(id);
        if (at < 0)
            return null;
        var text = headers.ValueText(at);
        for (at = headers.IndexOf(id, at + 1); at >= 0; at = headers.IndexOf(id, at + 1))
            text = $"{text}, {headers.ValueText(at)}";
        return text;
    }
}
