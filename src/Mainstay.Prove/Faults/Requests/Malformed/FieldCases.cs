namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>Header fields (RFC 9110, 5; RFC 9112, 5), Host above all.</summary>
internal static class FieldCases
{
    public static IEnumerable<MalformedRequest> All =>
    [
        new("fields/no-host", "{ASK} HTTP/1.1\r\n\r\n"),
        new("fields/two-hosts", "{ASK} HTTP/1.1\r\nHost: {HOST}\r\nHost: other.example\r\n\r\n"),
        new("fields/two-hosts-in-one", "{ASK} HTTP/1.1\r\nHost: {HOST}, other.example\r\n\r\n"),
        new("fields/host-empty", "{ASK} HTTP/1.1\r\nHost:\r\n\r\n", MayBeServed: true),
        new("fields/host-with-space", "{ASK} HTTP/1.1\r\nHost: a b\r\n\r\n"),
        new("fields/host-with-slash", "{ASK} HTTP/1.1\r\nHost: {HOST}/x\r\n\r\n"),
        new("fields/host-with-user", "{ASK} HTTP/1.1\r\nHost: user@{HOST}\r\n\r\n"),
        new("fields/host-with-nul", "{ASK} HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
        new("fields/host-bad-port", "{ASK} HTTP/1.1\r\nHost: a:99999999\r\n\r\n", MayBeServed: true),
        new("fields/host-bad-bracket", "{ASK} HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        new("fields/host-folded", "{ASK} HTTP/1.1\r\nHost:\r\n {HOST}\r\n\r\n", MayBeServed: true),
        Case("folded", "X: a\r\n b\r\n", lenient: true),
        Case("folded-first", " X: a\r\n"),
        Case("no-colon", "X\r\n"),
        Case("no-name", ": value\r\n"),
        Case("space-in-name", "X Y: value\r\n"),
        Case("space-before-colon", "X : value\r\n"),
        Case("nul-in-name", "X\0Y: value\r\n"),
        Case("nul-in-value", "X: a\0b\r\n"),
        Case("bare-cr-in-value", "X: a\rb\r\n"),
        Case("control-in-value", "X: a\u0001b\r\n", lenient: true),
        Case("delete-in-value", "X: a\u007fb\r\n", lenient: true),
        Case("brackets-in-name", "X[]: value\r\n"),
        Case("high-byte-in-name", "X\u00e9: value\r\n"),
        Case("high-bytes-in-value", "X: \u00c3\u0028\u00ff\r\n", lenient: true),
        Case("expect-unknown", "Expect: the-unexpected\r\n", lenient: true),
        Case("connection-names-host", "Connection: host\r\n", lenient: true),
        Case("timeout-no-number", "Mainstay-Timeout-Ms: soon\r\n", lenient: true),
        Case("range-nonsense", "Range: bytes=9-1,-,x\r\n", lenient: true),
        Case("cookie-nonsense", "Cookie: ;;=;=\u0080;\"\r\n", lenient: true),
        Case("traceparent-nonsense", "traceparent: 00-zz-zz-zz-zz\r\n", lenient: true),
        Case("forwarded-nonsense", "Forwarded: for=\"_\";;=,\r\nX-Forwarded-For: , ,999.1.1.1\r\n", lenient: true),
    ];

    private static MalformedRequest Case(string name, string fields, bool lenient = false) =>
        new("fields/" + name, $"{{ASK}} HTTP/1.1\r\nHost: {{HOST}}\r\n{fields}\r\n", lenient);
}
