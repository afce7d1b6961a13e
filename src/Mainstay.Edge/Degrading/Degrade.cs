using System.Globalization;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Degrading;

/// <summary>
/// What a request gets that could not be served: the route's fallback, else an honest error. A gRPC call always gets an error: what a
/// fallback holds is no message of its service.
/// </summary>
internal static class Degrade
{
    /// <summary>Answers in place of the service. If an answer has already begun, it is cut off instead, so that it is seen as broken.</summary>
    /// <param name="exchange">The request to answer.</param>
    /// <param name="status">Of the error, 400–599. Errors of the client's own are answered as such.</param>
    /// <param name="detail">One sentence for the caller, and nothing about our insides.</param>
    /// <param name="retryAfter">Null: none.</param>
    public static ValueTask AnswerAsync(Exchange exchange, int status, string detail, TimeSpan? retryAfter = null) =>
        status >= 500 && !exchange.AnswerStarted && exchange.Facts.Route?.Fallback is { } fallback && !GrpcAnswer.IsWanted(exchange.Request)
            ? AnswerAsync(exchange, fallback, retryAfter)
            : ProblemAnswer.WriteAsync(exchange, status, detail, retryAfter);

    private static async ValueTask AnswerAsync(Exchange exchange, Fallback fallback, TimeSpan? retryAfter)
    {
        var answer = exchange.Answer;
        answer.Clear();
        answer.Status = fallback.Status;
        var hasBody = fallback.Body is not null && fallback.Status is not (204 or 205 or 304);
        if (hasBody)
            answer.Headers.Add(HeaderId.ContentType, fallback.ContentType!);
        if (fallback.Status is not (204 or 304))
            answer.Headers.Add(HeaderId.ContentLength, (hasBody ? fallback.Body!.Length : 0).ToString(CultureInfo.InvariantCulture));
        answer.Headers.Add("Mainstay-Degraded"u8, "fallback"u8);
        await OwnAnswer.SendAsync(exchange, hasBody ? fallback.Body : default, retryAfter);
    }
}
