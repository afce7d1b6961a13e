using System.Globalization;

namespace Mainstay.Edge.Exchanges;

/// <summary>
/// Sends what the edge answers by itself. A client that does not read it is cut off: nothing else would end its connection, because no
/// upstream and no deadline waits for it.
/// </summary>
internal static class OwnAnswer
{
    /// <summary>For which a client may take nothing of what was written to it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Handed to the server in front at once, in bytes: so much of a long body is kept for a slow client, and not all of it.</summary>
    private const int Piece = 64 * 1024;

    /// <summary>Completes the answer's head by what all of ours have, sends it and the body (none for HEAD), and ends the answer.</summary>
    /// <param name="exchange">With a head that lacks nothing else.</param>
    /// <param name="body">Of the length that the head tells.</param>
    /// <param name="retryAfter">Sent as whole seconds, rounded up; null: none.</param>
    public static async ValueTask SendAsync(Exchange exchange, ReadOnlyMemory<byte> body, TimeSpan? retryAfter)
    {
        var headers = exchange.Answer.Headers;
        headers.Add(HeaderId.CacheControl, "no-store"u8);
        if (exchange.Facts.RequestId.Length > 0)
            headers.Add(HeaderId.XRequestId, exchange.Facts.RequestId);
        if (retryAfter is { } wait)
            headers.Add(HeaderId.RetryAfter, Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        try
        {
            await TakenAsync(exchange, exchange.StartAnswerAsync(exchange.ClientGone));
            if (exchange.Request.Method == "HEAD")
                body = default;
            for (; body.Length > 0; body = body[Math.Min(Piece, body.Length)..])
            {
                exchange.AnswerBody.Put(body.Span[..Math.Min(Piece, body.Length)]);
                await TakenAsync(exchange, FlushAsync(exchange));
            }
            await TakenAsync(exchange, exchange.CompleteAnswerAsync());
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client has gone, or was cut off.
            exchange.Abort();
        }
    }

    private static async ValueTask FlushAsync(Exchange exchange)
    {
        if ((await exchange.AnswerBody.FlushAsync(exchange.ClientGone)).IsCompleted)
            throw new IOException("The client has gone.");
    }

    private static ValueTask TakenAsync(Exchange exchange, ValueTask handing) =>
        handing.IsCompletedSuccessfully ? handing : WaitAsync(exchange, handing);

    private static async ValueTask WaitAsync(Exchange exchange, ValueTask handing)
    {
        var limit = new Limit(exchange);
        // Disposing waits for a cut that is on its way: a late one would hit the connection's next request.
        await using (exchange.Time.CreateTimer(static limit => ((Limit)limit!).Cut(), limit, Patience, Timeout.InfiniteTimeSpan))
            await handing;
        if (limit.IsOver)
            throw new IOException("The client took nothing for too long.");
    }

    private sealed class Limit(Exchange exchange)
    {
        public volatile bool IsOver;

        public void Cut()
        {
            IsOver = true;
            exchange.Abort();
        }
    }
}
