namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>Too much of something, and less than was promised. An application may have answered before it misses the rest of a body.</summary>
internal static class SizeCases
{
    public static IEnumerable<MalformedRequest> All =>
    [
        new("sizes/method-64k", new string('G', 65_536) + " {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("sizes/target-64k", $"GET {{UNDER}}/{new string('a', 65_536)} HTTP/1.1\r\nHost: {{HOST}}\r\n\r\n", MayBeServed: true),
        new("sizes/target-1m", $"GET {{UNDER}}/{new string('a', 1 << 20)} HTTP/1.1\r\nHost: {{HOST}}\r\n\r\n"),
        new("sizes/one-field-1m", $"{{ASK}} HTTP/1.1\r\nHost: {{HOST}}\r\nX: {new string('x', 1 << 20)}\r\n\r\n"),
        new("sizes/name-64k", $"{{ASK}} HTTP/1.1\r\nHost: {{HOST}}\r\n{new string('X', 65_536)}: y\r\n\r\n"),
        new("sizes/fields-5000", $"{{ASK}} HTTP/1.1\r\nHost: {{HOST}}\r\n{string.Concat(Enumerable.Range(0, 5000).Select(i => $"X{i}: y\r\n"))}\r\n"),
        new("sizes/head-without-end", $"{{ASK}} HTTP/1.1\r\nHost: {{HOST}}\r\n{string.Concat(Enumerable.Repeat("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", 30_000))}"),
        new("sizes/empty-lines-first", string.Concat(Enumerable.Repeat("\r\n", 50_000)) + "{ASK} HTTP/1.1\r\nHost: {HOST}\r\n\r\n", MayBeServed: true),
        new("sizes/body-promised-1e15", "{SEND} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000000000000000\r\n\r\nx", MayBeServed: true, Ends: true),
        new("sizes/body-ends-early", "{SEND} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nnot so much", MayBeServed: true, Ends: true),
        new("sizes/body-missing", "{SEND} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10\r\n\r\n", MayBeServed: true, Ends: true),
        new("sizes/chunk-promised-1e15", "{SEND} HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n38d7ea4c68000\r\nx", MayBeServed: true, Ends: true),
    ];
}
