namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>Request targets (RFC 9112, 3.2; RFC 3986).</summary>
internal static class TargetCases
{
    public static IEnumerable<MalformedRequest> All =>
    [
        Case("percent-alone", "{UNDER}/%", lenient: true),
        Case("percent-cut", "{UNDER}/%4", lenient: true),
        Case("percent-no-number", "{UNDER}/%zz", lenient: true),
        Case("percent-nul", "{UNDER}/%00", lenient: true),
        Case("percent-overlong", "{UNDER}/%c0%ae%c0%ae/", lenient: true),
        Case("percent-bad-utf8", "{UNDER}/%ff%fe", lenient: true),
        Case("percent-line-end", "{UNDER}/x%0d%0aX-Injected:%20yes", lenient: true),
        Case("dots-above-root", "/../../../../etc/passwd", lenient: true),
        Case("dots-encoded", "/%2e%2e/%2e%2e/etc/passwd", lenient: true),
        Case("backslashes", "{UNDER}/..\\..\\windows", lenient: true),
        Case("nul", "{UNDER}/a\0b"),
        Case("control", "{UNDER}/a\u0001b"),
        Case("high-bytes", "{UNDER}/\u00e9\u00ff", lenient: true),
        Case("fragment", "{UNDER}/a#b", lenient: true),
        Case("no-slash", "index.html"),
        Case("asterisk-with-get", "*"),
        Case("absolute-other-host", "http://other.example{CANARY}", lenient: true),
        Case("absolute-other-scheme", "file:///etc/passwd", lenient: true),
        Case("absolute-with-user", "http://user:word@{HOST}/", lenient: true),
        Case("absolute-bad-port", "http://127.0.0.1:99999999/"),
        Case("absolute-no-host", "http:///"),
        new("targets/connect-without-port", "CONNECT nowhere HTTP/1.1\r\nHost: nowhere\r\n\r\n"),
        new("targets/connect-with-path", "CONNECT / HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("targets/authority-with-get", "GET {HOST} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
    ];

    private static MalformedRequest Case(string name, string target, bool lenient = false) =>
        new("targets/" + name, $"GET {target} HTTP/1.1\r\nHost: {{HOST}}\r\n\r\n", lenient);
}
