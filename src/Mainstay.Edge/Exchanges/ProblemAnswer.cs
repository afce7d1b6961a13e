using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mainstay.Edge.Exchanges;

/// <summary>The one place that writes errors of Mainstay's own: RFC 9457 <c>application/problem+json</c>, with the request id and no internals; for gRPC calls what they understand (<see cref="GrpcAnswer"/>).</summary>
internal static class ProblemAnswer
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Answers with a problem, in place of whatever the answer's head held. If an answer has already begun, it is cut off instead,
    /// so that it is seen as broken.
    /// </summary>
    /// <param name="exchange">The request to answer.</param>
    /// <param name="status">400–599.</param>
    /// <param name="detail">One sentence for the caller: what happened to this request, and nothing about our insides.</param>
    /// <param name="retryAfter">Sent as whole seconds, rounded up; null: none.</param>
    /// <param name="allow">Methods for a 405; null: none.</param>
    public static async ValueTask WriteAsync(Exchange exchange, int status, string detail, TimeSpan? retryAfter = null, string? allow = null)
    {
        if (exchange.AnswerStarted)
        {
            exchange.Abort();
            return;
        }
        var answer = exchange.Answer;
        answer.Clear();
        ArrayBufferWriter<byte>? body = null;
        if (GrpcAnswer.IsWanted(exchange.Request))
            GrpcAnswer.Fill(exchange, status, detail);
        else
        {
            body = Body(exchange, status, detail);
            answer.Status = status;
            answer.Headers.Add(HeaderId.ContentType, "application/problem+json"u8);
            answer.Headers.Add(HeaderId.ContentLength, body.WrittenCount.ToString(CultureInfo.InvariantCulture));
        }
        if (allow is not null)
            answer.Headers.Add(HeaderId.Allow, allow);
        await OwnAnswer.SendAsync(exchange, body?.WrittenMemory ?? default, retryAfter);
    }

    private static ArrayBufferWriter<byte> Body(Exchange exchange, int status, string detail)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Json);
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, TitleOf(status));
        json.WriteNumber("status"u8, status);
        json.WriteString("detail"u8, detail);
        if (exchange.Facts.RequestId.Length > 0)
            json.WriteString("request_id"u8, exchange.Facts.RequestId);
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }

    /// <summary>The status code's own phrase, as <c>about:blank</c> asks for.</summary>
    private static string TitleOf(int status) => status switch
    {
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        417 => "Expectation Failed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => status < 500 ? "Request Refused" : "Server Error",
    };
}
