namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>
/// Two readings of where a request ends (RFC 9112, 6.3): what one takes for a body, another takes for the next request. Each carries one that would
/// ask for the canary.
/// </summary>
internal static class FramingCases
{
    private const string Hidden = "GET {CANARY} HTTP/1.1\r\nHost: {HOST}\r\n\r\n";

    public static IEnumerable<MalformedRequest> All =>
    [
        Case("both-lengths", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Hidden, lenient: true),
        Case("both-lengths-reversed", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\n" + Hidden, lenient: true) with { Ends = true },
        Case("two-lengths", "Content-Length: 5\r\nContent-Length: 0\r\n", "hello" + Hidden),
        Case("two-lengths-in-one", "Content-Length: 5, 0\r\n", "hello" + Hidden),
        Case("same-length-twice", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello", lenient: true),
        Case("same-length-twice-in-one", "Content-Length: 5, 5\r\n", "hello", lenient: true),
        Case("length-with-plus", "Content-Length: +5\r\n", "hello" + Hidden),
        Case("length-negative", "Content-Length: -5\r\n", Hidden),
        Case("length-hexadecimal", "Content-Length: 0x5\r\n", "hello" + Hidden),
        Case("length-with-space-inside", "Content-Length: 1 0\r\n", "hello" + Hidden),
        Case("length-with-letters", "Content-Length: 5abc\r\n", "hello" + Hidden),
        Case("length-empty", "Content-Length: \r\n", Hidden),
        Case("length-too-big-for-64-bits", "Content-Length: 18446744073709551621\r\n", "hello" + Hidden),
        Case("length-with-underscore", "Content_Length: 5\r\n", "", lenient: true),
        Case("length-fraction", "Content-Length: 5.0\r\n", "hello" + Hidden),
        Case("length-other-digits", "Content-Length: \u00b2\r\n", Hidden),
        Case("length-space-before-colon", "Content-Length : 5\r\n", "hello" + Hidden),
        Case("length-tab-before-colon", "Content-Length\t: 5\r\n", "hello" + Hidden),
        Case("coding-space-before-colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-unknown", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-chunked-not-last", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-chunked-twice", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-twice-hidden", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-identity", "Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "hello" + Hidden),
        Case("coding-quoted", "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-with-vertical-tab", "Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-with-nul", "Transfer-Encoding: chunked\0\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-empty-element", "Transfer-Encoding: ,chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + Hidden, lenient: true),
        Case("coding-folded", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + Hidden, lenient: true),
        Case("coding-hidden-by-bare-cr", "X: y\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + Hidden),
        Case("coding-hidden-by-bare-lf", "Content-Length: 5\r\nX: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Hidden, lenient: true),
        new("framing/coding-in-1.0", "{SEND} HTTP/1.0\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + Hidden, MayBeServed: true),
    ];

    private static MalformedRequest Case(string name, string fields, string rest, bool lenient = false) =>
        new("framing/" + name, $"{{SEND}} HTTP/1.1\r\nHost: {{HOST}}\r\n{fields}\r\n{rest}", lenient);
}
