namespace Mainstay.Prove.Faults.Proxy.Http;

/// <summary>The head of a request that went by.</summary>
/// <param name="Trace">Names the client's request it belongs to: X-Request-Id, else the trace id of <c>traceparent</c>; empty without either.</param>
internal sealed record SeenRequest(string Method, string Target, string Trace)
{
    /// <summary>By RFC 9110, so that a second one changes nothing.</summary>
    public bool IsIdempotent => Method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";
}
