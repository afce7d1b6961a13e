namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>First lines and line ends (RFC 9112, 2 and 3).</summary>
internal static class LineCases
{
    public static IEnumerable<MalformedRequest> All =>
    [
        new("lines/bare-lf", "GET / HTTP/1.1\nHost: {HOST}\n\n", MayBeServed: true),
        new("lines/bare-cr", "GET / HTTP/1.1\rHost: {HOST}\r\r", Ends: true),
        new("lines/nul-in-method", "G\0T / HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/no-method", " / HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/method-with-brackets", "G(E)T / HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/no-target", "GET HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/two-targets", "GET / /x HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/two-spaces", "GET  / HTTP/1.1\r\nHost: {HOST}\r\n\r\n", MayBeServed: true),
        new("lines/tabs", "GET\t/\tHTTP/1.1\r\nHost: {HOST}\r\n\r\n", MayBeServed: true),
        new("lines/no-version", "GET /\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-2.0", "GET / HTTP/2.0\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-1.9", "GET / HTTP/1.9\r\nHost: {HOST}\r\n\r\n", MayBeServed: true),
        new("lines/version-9.9", "GET / HTTP/9.9\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-lower-case", "GET / http/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-cut", "GET / HTTP/1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-long", "GET / HTTP/1.1111111\r\nHost: {HOST}\r\n\r\n"),
        new("lines/no-http-at-all", "hello, is anybody there?\r\n\r\n"),
        new("lines/high-bytes", "\u00ff\u00fe\u00fd\u00fc\r\n\r\n"),
        new("lines/only-nuls", new string('\0', 64) + "\r\n\r\n"),
        new("lines/ends-in-first", "GET / HT", Ends: true),
        new("lines/ends-in-head", "GET / HTTP/1.1\r\nHost: 127.0", Ends: true),
        new("lines/ends-before-empty-line", "GET / HTTP/1.1\r\nHost: {HOST}\r\n", Ends: true),
    ];
}
