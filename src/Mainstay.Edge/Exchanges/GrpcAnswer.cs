using System.Globalization;
using System.Text;

namespace Mainstay.Edge.Exchanges;

/// <summary>
/// Errors of Mainstay's own for gRPC clients, which do not look at an HTTP status but at <c>grpc-status</c>: HTTP 200 with nothing but a head
/// ("trailers-only" in gRPC's protocol over HTTP/2).
/// </summary>
internal static class GrpcAnswer
{
    private const string MediaType = "application/grpc";

    /// <summary>Whether the request is a gRPC call: <c>application/grpc</c> with a suffix or parameters, gRPC-Web included.</summary>
    public static bool IsWanted(RequestHead request)
    {
        if (!request.Headers.TryGet(HeaderId.ContentType, out var type) || type.Length < MediaType.Length || !Ascii.EqualsIgnoreCase(type[..MediaType.Length], MediaType))
            return false;
        return type.Length == MediaType.Length || type[MediaType.Length] is (byte)'+' or (byte)';' or (byte)'-' or (byte)' ';
    }

    /// <summary>Whether the answer is nothing but a head: what an upstream answers in this way reaches the client in this way, too.</summary>
    public static bool IsTrailersOnly(AnswerHead answer) =>
        answer.Headers.TryGet(HeaderId.ContentType, out var type) && type.StartsWith("application/grpc"u8) && answer.Headers.IndexOf("grpc-status"u8) >= 0;

    /// <summary>Fills an empty head in.</summary>
    /// <param name="exchange">The request to answer.</param>
    /// <param name="status">The HTTP status that another client would get.</param>
    /// <param name="detail">As <c>grpc-message</c>.</param>
    public static void Fill(Exchange exchange, int status, string detail)
    {
        var answer = exchange.Answer;
        answer.Status = 200;
        // gRPC-Web's clients want their own type back.
        answer.Headers.Add(HeaderId.ContentType, exchange.Request.Headers.Text(HeaderId.ContentType)!);
        if (exchange.Request.Version < 20)
            answer.Headers.Add(HeaderId.ContentLength, "0"u8);
        answer.Headers.Add("grpc-status", StatusOf(status).ToString(CultureInfo.InvariantCulture));
        answer.Headers.Add("grpc-message", Encode(detail));
    }

    /// <summary>The codes' numbers are those of grpc/status; those that no error of ours has stay out.</summary>
    private static int StatusOf(int status) => status switch
    {
        408 or 504 => 4,                // DEADLINE_EXCEEDED
        413 or 429 => 8,                // RESOURCE_EXHAUSTED
        404 or 405 or 501 => 12,        // UNIMPLEMENTED
        502 or 503 => 14,               // UNAVAILABLE
        _ => 13,                        // INTERNAL, as gRPC reads a 400 that comes without a status of its own
    };

    /// <summary>Percent-encoded UTF-8: all but visible ASCII, the blank, and the percent sign itself.</summary>
    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (value is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return encoded.ToString();
    }
}
