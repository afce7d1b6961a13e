namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>
/// Chunked bodies that are none (RFC 9112, 7.1). Their heads are right: an application may have answered before it is known what follows. What
/// follows must not become a second request.
/// </summary>
internal static class ChunkCases
{
    private const string Hidden = "GET {CANARY} HTTP/1.1\r\nHost: {HOST}\r\n\r\n";

    public static IEnumerable<MalformedRequest> All =>
    [
        Case("size-no-number", "zz\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("size-negative", "-5\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("size-with-plus", "+5\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("size-with-0x", "0x5\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("size-empty", "\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("size-too-big-for-64-bits", "10000000000000005\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("size-too-big-for-63-bits", "fffffffffffffff0\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("size-with-spaces", "5 \r\nhello\r\n0\r\n\r\n"),
        Case("size-leading-space", " 5\r\nhello\r\n0\r\n\r\n"),
        Case("size-line-bare-lf", "5\nhello\r\n0\r\n\r\n"),
        Case("size-line-bare-cr", "5\rhello\r\n0\r\n\r\n" + Hidden),
        Case("too-short", "5\r\nhelloworld\r\n0\r\n\r\n" + Hidden),
        Case("no-line-end-after", "5\r\nhelloXX0\r\n\r\n" + Hidden),
        Case("extension-with-bare-lf", "5;x=\ny\r\nhello\r\n0\r\n\r\n" + Hidden),
        Case("extension-without-end", "5;" + new string('x', 100_000)) with { Ends = true },
        Case("trailer-bad", "0\r\nno colon here\r\n\r\n"),
        Case("trailer-forbidden", "0\r\nContent-Length: 5\r\n\r\n"),
        Case("trailers-without-end", "0\r\n" + string.Concat(Enumerable.Repeat("X: " + new string('x', 1000) + "\r\n", 200))),
        Case("ends-in-size", "5") with { Ends = true },
        Case("ends-in-chunk", "5\r\nhel") with { Ends = true },
        Case("ends-before-last", "5\r\nhello\r\n") with { Ends = true },
    ];

    private static MalformedRequest Case(string name, string body) =>
        new("chunks/" + name, "{SEND} HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n" + body, MayBeServed: true);
}
