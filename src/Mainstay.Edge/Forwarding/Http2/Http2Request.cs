using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding.Http1;

namespace Mainstay.Edge.Forwarding.Http2;

/// <summary>Puts a request into the handler's words, without letting it change a byte of target or fields.</summary>
internal static class Http2Request
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Returns what is wrong with the request, or null.</summary>
    public static string? TryBuild(Attempt attempt, string authority, CancellationToken stop, out HttpRequestMessage? message, out AttemptContent? content)
    {
        var request = attempt.Request;
        message = null;
        content = null;
        if (!Grammar.IsToken(request.Method) || request.Method == "CONNECT")
            return "method cannot be forwarded";
        if (!Grammar.IsTarget(request.Target) || request.Target[0] != '/')
            return "target cannot be forwarded";
        if (attempt.Body is null && request.ContentLength > 0)
            return "body missing";
        if (!TryHost(request, authority, out var host))
            return "bad host";
        if (attempt.Body is { } body && request.ContentLength is not 0)
            content = new AttemptContent(body, request.ContentLength, stop);
        message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri("http://upstream" + request.Target, AsWritten))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        if (message.Content is null && (request.ContentLength is 0 || HasContentFields(request.Headers)))
            message.Content = new ByteArrayContent([]);
        message.Headers.TryAddWithoutValidation("Host", host);
        return AddFields(request.Headers, message);
    }

    private static bool TryHost(RequestHead request, string authority, [NotNullWhen(true)] out string? host)
    {
        host = request.Headers.Text(HeaderId.Host);
        if (string.IsNullOrEmpty(host))
            host = request.Host.Length > 0 ? request.Host : authority;
        return Grammar.IsTarget(host);
    }

    private static bool HasContentFields(HeaderBlock headers) =>
        headers.Has(HeaderId.ContentType) || headers.Has(HeaderId.ContentEncoding) || headers.Has(HeaderId.ContentDisposition);

    private static string? AddFields(HeaderBlock headers, HttpRequestMessage message)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var id = headers.IdAt(i);
            if (id is HeaderId.Host or HeaderId.ContentLength or HeaderId.Expect || Http2Fields.IsOfConnection(id))
                continue;
            if ((id == HeaderId.Unknown && !Grammar.IsToken(headers.NameAt(i))) || !Grammar.IsValue(headers.ValueAt(i)))
                return "bad header field";
            var value = headers.ValueText(i);
            if (id == HeaderId.TE)
            {
                // HTTP/2 knows no other value (RFC 9113, section 8.2.2).
                if (value.Contains("trailers", StringComparison.OrdinalIgnoreCase))
                    message.Headers.TryAddWithoutValidation("TE", "trailers");
                continue;
            }
            var name = headers.NameText(i);
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        return null;
    }
}
