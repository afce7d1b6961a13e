using System.Text;
using Mainstay.Manifest.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mainstay.Edge.Listening;

/// <summary>How Kestrel is set up: as an adapter that decides as little as possible.</summary>
internal static class KestrelSettings
{
    public static KestrelServerOptions Create(SharedPort port)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowSynchronousIO = false,
            // The authority of an absolute-form target wins over Host (RFC 9112, section 3.2.2).
            AllowHostHeaderOverride = true,
            // A proxy in front that ends TLS may speak https in :scheme; what is trusted is decided by our own step.
            AllowAlternateSchemes = true,
            RequestHeaderEncodingSelector = static name => name == "Content-Length" ? LengthDigits.Instance : Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        options.ConfigureEndpointDefaults(listen => listen.Use(next => connection => LastBytes.RunAsync(connection, next, port)));
        options.Listen(port.Http1, listen => listen.Protocols = HttpProtocols.Http1);
        options.Listen(port.Http2, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => LingeringClose.RunAsync(connection, next, port.Time));
        });
        return options;
    }

    public static void Apply(EdgeLimitsSpec spec, KestrelServerLimits limits)
    {
        limits.MaxRequestHeadersTotalSize = spec.Headers;
        limits.MaxRequestLineSize = spec.Headers;
        limits.MaxRequestBufferSize = Math.Max(1 << 20, spec.Headers);
        limits.Http2.MaxRequestHeaderFieldSize = spec.Headers;
        limits.MaxRequestHeaderCount = 250;
        limits.RequestHeadersTimeout = spec.HeaderTimeout;
        limits.KeepAliveTimeout = spec.IdleTimeout;
        // Bodies: our own limit per route, and our own idle timeout instead of a least rate.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }
}
