using System.Text;
using System.Text.Json;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding;

/// <summary>An answer of our own when no upstream's could be had: RFC 9457 problem+json, without internals.</summary>
internal static class Refusal
{
    public static async ValueTask WriteAsync(Exchange exchange, int status, string detail, TimeSpan? retryAfter = null)
    {
        if (exchange.AnswerStarted)
        {
            exchange.Abort();
            return;
        }
        var title = status switch { 400 => "Bad Request", 413 => "Content Too Large", 502 => "Bad Gateway", 503 => "Service Unavailable", _ => "Gateway Timeout" };
        var body = Encoding.UTF8.GetBytes(
            $$"""{"type":"about:blank","title":"{{title}}","status":{{status}},"detail":"{{JsonEncodedText.Encode(detail)}}","request_id":"{{JsonEncodedText.Encode(exchange.Facts.RequestId)}}"}""");
        var answer = exchange.Answer;
        answer.Clear();
        answer.Status = status;
        answer.Headers.Add(HeaderId.ContentType, "application/problem+json"u8);
        answer.Headers.Add(HeaderId.ContentLength, body.Length.ToString());
        if (retryAfter is { } wait)
            answer.Headers.Add(HeaderId.RetryAfter, Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString());
        await exchange.StartAnswerAsync(exchange.ClientGone);
        if (exchange.Request.Method != "HEAD")
            await exchange.AnswerBody.WriteAsync(body, exchange.ClientGone);
        await exchange.CompleteAnswerAsync();
    }
}
