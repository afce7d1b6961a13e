namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>First lines and line ends (RFC 9112, 2 and 3).</summary>
internal static class LineCases
{
    public static IEnumerable<MalformedRequest> All =>
    [
        new("lines/bare-lf", "{ASK} HTTP/1.1\nHost: {HOST}\n\n", MayBeServed: true),
        new("lines/bare-cr", "{ASK} HTTP/1.1\rHost: {HOST}\r\r", Ends: true),
        new("lines/nul-in-method", "G\0T {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/no-method", " {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/method-with-brackets", "G(E)T {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/no-target", "GET HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/two-targets", "{ASK} /x HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/two-spaces", "GET  {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n", MayBeServed: true),
        new("lines/tabs", "GET\t{PATH}\tHTTP/1.1\r\nHost: {HOST}\r\n\r\n", MayBeServed: true),
        new("lines/no-version", "{ASK}\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-2.0", "{ASK} HTTP/2.0\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-1.9", "{ASK} HTTP/1.9\r\nHost: {HOST}\r\n\r\n", MayBeServed: true),
        new("lines/version-9.9", "{ASK} HTTP/9.9\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-lower-case", "{ASK} http/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-cut", "{ASK} HTTP/1\r\nHost: {HOST}\r\n\r\n"),
        new("lines/version-long", "{ASK} HTTP/1.1111111\r\nHost: {HOST}\r\n\r\n"),
        new("lines/no-http-at-all", "hello, is anybody there?\r\n\r\n"),
        new("lines/high-bytes", "\u00ff\u00fe\u00fd\u00fc\r\n\r\n"),
        new("lines/only-nuls", new string('\0', 64) + "\r\n\r\n"),
        new("lines/ends-in-first", "{ASK} HT", Ends: true),
        new("lines/ends-in-head", "{ASK} HTTP/1.1\r\nHost: 127.0", Ends: true),
        new("lines/ends-before-empty-line", "{ASK} HTTP/1.1\r\nHost: {HOST}\r\n", Ends: true),
    ];
}
