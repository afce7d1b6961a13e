using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;

namespace Mainstay.Edge.Admission;

/// <summary>
/// Waits, before a request asks for a place, until its client has sent what it declared, or as much of it as is kept for another attempt:
/// clients that are slow to send hold nothing of the service. Not waited for is a body of unknown length, which may be one side of a conversation,
/// and one that its client sends only when it is asked to, because reading it would ask. Nothing is taken from the body.
/// </summary>
internal static class BodyArrival
{
    /// <summary>True: the request goes on. False: it has been answered, or its client is gone.</summary>
    /// <param name="exchange">Routed; its timeout bounds the wait.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BodyTooLargeException">It is longer than its route allows.</exception>
    public static ValueTask<bool> WaitAsync(Exchange exchange, TimeProvider time)
    {
        var request = exchange.Request;
        return request is { HasBody: true, ContentLength: > 0 and var length } && !request.ExpectsContinue
            ? WaitAsync(exchange, Math.Min(length, ReplayableBody.Limit), time)
            : new(true);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> WaitAsync(Exchange exchange, long wanted, TimeProvider time)
    {
        var (status, detail) = (408, ReplayableBody.Late);
        try
        {
            if (await ArriveAsync(exchange, wanted, time))
                return true;
        }
        catch (Exception error) when (error is not BodyTooLargeException)
        {
            (status, detail) = (400, "The request body could not be read to its end.");
        }
        if (exchange.ClientGone.IsCancellationRequested)
            exchange.Abort();
        else
            await ProblemAnswer.WriteAsync(exchange, status, detail);
        return false;
    }

    /// <summary>False: its time is up, or the client has gone.</summary>
    private static async ValueTask<bool> ArriveAsync(Exchange exchange, long wanted, TimeProvider time)
    {
        var body = exchange.RequestBody;
        long seen = 0;
        // Usually it came together with its head.
        if (body.TryRead(out var read) && IsThere(body, read, wanted, ref seen))
            return true;
        var left = exchange.Facts.Deadline(time) - time.Seconds();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Max(0, left)), time);
        // The tokens are not handed on: a body may not be readable again after that, while a cancelled read gives all its bytes back.
        await using var onLate = late.Token.UnsafeRegister(CancelRead, body);
        await using var onGone = exchange.ClientGone.UnsafeRegister(CancelRead, body);
        while (!late.IsCancellationRequested && !exchange.ClientGone.IsCancellationRequested)
        {
            if (IsThere(body, await body.ReadAsync(CancellationToken.None), wanted, ref seen))
                return true;
        }
        return false;
    }

    private static void CancelRead(object? body) => ((PipeReader)body!).CancelPendingRead();

    /// <summary>Gives back what was read, so that the next read sees it at once, or only together with more.</summary>
    private static bool IsThere(PipeReader body, in ReadResult read, long wanted, ref long seen)
    {
        var buffer = read.Buffer;
        var isThere = read.IsCompleted || buffer.Length >= wanted;
        // Never back behind what was examined: HTTP/2 has told the client that it may send as much again.
        body.AdvanceTo(buffer.Start, isThere ? buffer.GetPosition(Math.Min(seen, buffer.Length)) : buffer.End);
        seen = buffer.Length;
        return isThere;
    }
}
