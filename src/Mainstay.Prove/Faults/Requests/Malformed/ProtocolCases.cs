namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>Other protocols, whole or in part: HTTP/2, TLS, upgrades.</summary>
internal static class ProtocolCases
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private const string EmptySettings = "\0\0\0\u0004\0\0\0\0\0";

    public static IEnumerable<MalformedRequest> All =>
    [
        new("protocols/h2-preface-wrong", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n" + EmptySettings, Ends: true),
        new("protocols/h2-preface-cut", "PRI * HTTP/2.0\r\n\r\nS", Ends: true),
        new("protocols/h2-no-settings", Preface + "\0\0\0\u0006\0\0\0\0\0", Ends: true),
        new("protocols/h2-frame-too-big", Preface + "\u00ff\u00ff\u00ff\u0000\0\0\0\0\u0001", Ends: true),
        new("protocols/h2-settings-on-stream", Preface + "\0\0\0\u0004\0\0\0\0\u0001", Ends: true),
        new("protocols/h2-data-on-idle-stream", Preface + EmptySettings + "\0\0\u0001\0\u0001\0\0\0\u0001x", Ends: true),
        new("protocols/h2-headers-bad-compression", Preface + EmptySettings + "\0\0\u0004\u0001\u0005\0\0\0\u0001\u00ff\u00ff\u00ff\u00ff", Ends: true),
        new("protocols/h2-even-stream", Preface + EmptySettings + "\0\0\u0001\u0001\u0005\0\0\0\u0002\u0082", Ends: true),
        new("protocols/tls-hello", "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0003\r\n\r\n"),
        new("protocols/upgrade-h2c-bad-settings", "{ASK} HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: !!!\r\n\r\n", MayBeServed: true),
        new("protocols/upgrade-unknown", "{ASK} HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: gopher/9\r\n\r\n", MayBeServed: true),
        new("protocols/websocket-no-key", "{ASK} HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n", MayBeServed: true),
        new("protocols/websocket-bad-key", "{ASK} HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n", MayBeServed: true),
        new("protocols/upgrade-then-hidden", "{SEND} HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: +5\r\n\r\nhelloGET {CANARY} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
        new("protocols/trace", "TRACE {PATH} HTTP/1.1\r\nHost: {HOST}\r\nCookie: secret=1\r\n\r\n", MayBeServed: true),
    ];
}
