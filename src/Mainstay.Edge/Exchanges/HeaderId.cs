using System.Collections.Immutable;
using System.Text;

namespace Mainstay.Edge.Exchanges;

/// <summary>Header fields that some step, adapter or client asks for; all others are <see cref="Unknown"/> and go by name.</summary>
internal enum HeaderId : byte
{
    Unknown,
    Accept,
    AcceptEncoding,
    AcceptLanguage,
    AcceptRanges,
    Age,
    Allow,
    Authorization,
    CacheControl,
    Connection,
    ContentDisposition,
    ContentEncoding,
    ContentLength,
    ContentType,
    Cookie,
    Date,
    ETag,
    Expect,
    Expires,
    Forwarded,
    GrpcTimeout,
    Host,
    IdempotencyKey,
    IfModifiedSince,
    IfNoneMatch,
    KeepAlive,
    LastModified,
    Location,
    MainstayTimeoutMs,
    Origin,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyConnection,
    Range,
    RateLimit,
    RateLimitPolicy,
    Referer,
    RetryAfter,
    SecWebSocketAccept,
    SecWebSocketExtensions,
    SecWebSocketKey,
    SecWebSocketProtocol,
    SecWebSocketVersion,
    Server,
    SetCookie,
    TE,
    TraceParent,
    TraceState,
    Trailer,
    TransferEncoding,
    Upgrade,
    UserAgent,
    Vary,
    Via,
    WwwAuthenticate,
    XForwardedFor,
    XForwardedHost,
    XForwardedProto,
    XRequestId,
}

/// <summary>The names behind <see cref="HeaderId"/>, and the way back from a name's bytes.</summary>
internal static class HeaderNames
{
    private static readonly ImmutableArray<string> Names =
    [
        "", "Accept", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Age", "Allow", "Authorization", "Cache-Control",
        "Connection", "Content-Disposition", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Date", "ETag", "Expect",
        "Expires", "Forwarded", "grpc-timeout", "Host", "Idempotency-Key", "If-Modified-Since", "If-None-Match", "Keep-Alive",
        "Last-Modified", "Location", "Mainstay-Timeout-Ms", "Origin", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
        "Range", "RateLimit", "RateLimit-Policy", "Referer", "Retry-After", "Sec-WebSocket-Accept", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key",
        "Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Server", "Set-Cookie", "TE", "traceparent", "tracestate", "Trailer",
        "Transfer-Encoding", "Upgrade", "User-Agent", "Vary", "Via", "WWW-Authenticate", "X-Forwarded-For", "X-Forwarded-Host",
        "X-Forwarded-Proto", "X-Request-Id",
    ];

    private static readonly byte[][] Bytes = [.. Names.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Ids by the name's length: a candidate or two at each length, compared without regard to case.</summary>
    private static readonly HeaderId[][] ByLength =
    [
        .. Enumerable.Range(0, Names.Max(name => name.Length) + 1)
            .Select(length => Names.Select((name, id) => (name, id)).Where(x => x.id > 0 && x.name.Length == length)
                .Select(x => (HeaderId)x.id).ToArray()),
    ];

    public static string Of(HeaderId id) => Names[(int)id];

    public static ReadOnlySpan<byte> BytesOf(HeaderId id) => Bytes[(int)id];

    public static HeaderId Find(ReadOnlySpan<byte> name)
    {
        if (name.Length >= ByLength.Length)
            return HeaderId.Unknown;
        foreach (var id in ByLength[name.Length])
        {
            if (Ascii.EqualsIgnoreCase(name, Bytes[(int)id]))
                return id;
        }
        return HeaderId.Unknown;
    }

    public static HeaderId Find(ReadOnlySpan<char> name)
    {
        if (name.Length >= ByLength.Length)
            return HeaderId.Unknown;
        foreach (var id in ByLength[name.Length])
        {
            if (Ascii.EqualsIgnoreCase(name, Names[(int)id]))
                return id;
        }
        return HeaderId.Unknown;
    }
}
