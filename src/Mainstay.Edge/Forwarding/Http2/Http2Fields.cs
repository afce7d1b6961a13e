using System.Net.Http.Headers;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding.Http2;

/// <summary>Fields between the handler's text and our bytes.</summary>
internal static class Http2Fields
{
    public static void Copy(HttpHeadersNonValidated from, HeaderBlock to)
    {
        foreach (var (name, values) in from)
        {
            foreach (var value in values)
            {
                if (!IsOfConnection(HeaderNames.Find(name)))
                    to.Add(name, value);
            }
        }
    }

    /// <summary>Fields that HTTP/2 does not have.</summary>
    public static bool IsOfConnection(HeaderId id) => id is HeaderId.Connection or HeaderId.KeepAlive or HeaderId.TransferEncoding
        or HeaderId.Upgrade or HeaderId.ProxyConnection or HeaderId.ProxyAuthenticate or HeaderId.ProxyAuthorization;
}
