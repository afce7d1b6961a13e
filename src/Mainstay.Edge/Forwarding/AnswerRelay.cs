using System.Buffers;
using System.Runtime.CompilerServices;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding;

/// <summary>How the passing on of an answer ended.</summary>
internal enum RelayEnd
{
    /// <summary>The client has it all.</summary>
    Complete,

    /// <summary>The upstream broke off while the answer was held: the client has seen nothing of it.</summary>
    HeldBroke,

    /// <summary>The upstream broke off, or was idle for too long, after the head had left.</summary>
    UpstreamBroke,

    /// <summary>The client has gone, or the edge gave it up.</summary>
    ClientGone,
}

/// <summary>
/// Passes an upstream's answer on: a small one of known length only when it is complete, so that an upstream dying inside it can still be
/// replaced; any other piece by piece as it comes.
/// </summary>
internal static class AnswerRelay
{
    /// <summary>Answers up to this length are held until complete.</summary>
    public const int HeldAtMost = 16 * 1024;

    /// <summary>Why an answer broke off whose upstream did nothing about it.</summary>
    public const string Idle = "no byte for too long";

    /// <summary>Bytes that may stay unflushed while the upstream has more at once.</summary>
    private const int FlushAfter = 32 * 1024;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<(RelayEnd End, FlightOutcome Outcome)> RunAsync(Passage passage, Attempt attempt, FlightOutcome outcome)
    {
        var exchange = passage.Exchange;
        passage.Leg.BeginIdle(passage.Route.IdleTimeout);
        if (attempt.AnswerBody is not { } body)
        {
            TakeHead(exchange, attempt);
            await HandOverAsync(passage, exchange.StartAnswerAsync(exchange.ClientGone));
            await HandOverAsync(passage, exchange.CompleteAnswerAsync());
            return (RelayEnd.Complete, outcome);
        }
        if (IsNotedAtOnce(attempt))
        {
            passage.Set.Note(passage.Leg, outcome);
            return await StreamAsync(passage, attempt, body);
        }
        byte[]? kept = null;
        try
        {
            ReadOnlyMemory<byte> whole;
            try
            {
                whole = await body.ReadAsync(passage.Leg.Token);
                passage.Leg.Touch();
                if (whole.Length < body.Length)
                {
                    kept = ArrayPool<byte>.Shared.Rent((int)body.Length);
                    whole = await CollectAsync(body, whole, kept, passage);
                }
            }
            catch (Exception error) when (error is UpstreamBrokeOffException or OperationCanceledException)
            {
                SetFailure(attempt, error);
                if (passage.Leg.Cause == CutCause.None)
                    attempt.Detail ??= Idle;
                return (RelayEnd.HeldBroke, outcome);
            }
            TakeHead(exchange, attempt);
            await HandOverAsync(passage, exchange.StartAnswerAsync(exchange.ClientGone));
            if (!whole.IsEmpty)
                exchange.AnswerBody.Put(whole.Span);
            exchange.Answer.Trailers = attempt.Answer.Trailers;
            await HandOverAsync(passage, exchange.CompleteAnswerAsync());
            return (RelayEnd.Complete, outcome);
        }
        finally
        {
            if (kept is not null)
                ArrayPool<byte>.Shared.Return(kept);
        }
    }

    /// <summary>What the head says of the upstream does not wait for the end of a long answer: then that end must not say it again.</summary>
    public static bool IsNotedAtOnce(Attempt attempt) => attempt.AnswerBody is { Length: not <= HeldAtMost };

    private static async ValueTask<ReadOnlyMemory<byte>> CollectAsync(AnswerBody body, ReadOnlyMemory<byte> first, byte[] into, Passage passage)
    {
        first.CopyTo(into);
        var length = first.Length;
        while (length < body.Length)
        {
            var piece = await body.ReadAsync(passage.Leg.Token);
            if (piece.IsEmpty || piece.Length > body.Length - length)
                throw new UpstreamBrokeOffException("body of another length than declared");
            piece.CopyTo(into.AsMemory(length));
            length += piece.Length;
            passage.Leg.Touch();
        }
        return into.AsMemory(0, length);
    }

    private static async ValueTask<(RelayEnd, FlightOutcome)> StreamAsync(Passage passage, Attempt attempt, AnswerBody body)
    {
        var exchange = passage.Exchange;
        TakeHead(exchange, attempt);
        if (passage.HasBody)
            passage.Body.Release();
        await HandOverAsync(passage, exchange.StartAnswerAsync(exchange.ClientGone));
        var events = EventStream.IfAny(passage, attempt.Answer.Headers);
        var copied = await CopyAsync(passage, body, events);
        if (copied is null)
        {
            if (events is { HasEnded: true })
                passage.Leg.BeginEnd(passage.Route.IdleTimeout);
            exchange.Answer.Trailers = attempt.Answer.Trailers;
            await HandOverAsync(passage, exchange.CompleteAnswerAsync());
            return (RelayEnd.Complete, FlightOutcome.Ignored with { Answered = true });
        }
        SetFailure(attempt, copied);
        if (attempt.Failure == AttemptFailure.ClientBody || passage.Leg.Cause != CutCause.None)
            return (RelayEnd.ClientGone, FlightOutcome.Ignored);
        return copied is UpstreamBrokeOffException
            ? (RelayEnd.UpstreamBroke, FlightOutcome.Failure(answered: true))
            : (passage.Leg.Token.IsCancellationRequested ? RelayEnd.UpstreamBroke : RelayEnd.ClientGone, FlightOutcome.Ignored);
    }

    /// <summary>Copies until the end; answers what went wrong, or null.</summary>
    private static async ValueTask<Exception?> CopyAsync(Passage passage, AnswerBody body, EventStream? events)
    {
        var writer = passage.Exchange.AnswerBody;
        var token = passage.Leg.Token;
        ValueTask<ReadOnlyMemory<byte>> reading = default;
        var isReading = false;
        var isFlushing = false;
        var unflushed = 1; // the head
        try
        {
            while (events is null || events.TryRest())
            {
                reading = body.ReadAsync(token);
                isReading = true;
                if (!reading.IsCompleted && unflushed > 0)
                {
                    // Nothing more at once: what is here goes out before the wait.
                    if ((await writer.FlushAsync(token)).IsCompleted)
                        throw new IOException("The client has gone.");
                    unflushed = 0;
                }
                isReading = false;
                var piece = await reading;
                if (events is not null && !events.TryWake())
                    return null;
                if (piece.IsEmpty)
                    return null;
                passage.Leg.Touch();
                var take = events?.Take(piece.Span) ?? piece.Length;
                writer.Put(piece.Span[..take]);
                unflushed += take;
                if (unflushed < FlushAfter)
                    continue;
                isFlushing = true;
                if ((await writer.FlushAsync(token)).IsCompleted)
                    throw new IOException("The client has gone.");
                isFlushing = false;
                passage.Leg.Touch();
                unflushed = 0;
            }
            return null;
        }
        catch (OperationCanceledException) when (events is { HasEnded: true })
        {
            if (isReading)
                await CallOffAsync(passage, reading);
            return null;
        }
        catch (Exception error)
        {
            if (isReading)
                await CallOffAsync(passage, reading);
            else if (isFlushing)
                passage.Leg.Cut(passage.Leg.Turn, CutCause.ClientGone); // it took nothing for too long, which is not its upstream's doing
            return error;
        }
    }

    /// <summary>The client's side failed while a read of the upstream was pending: it must not outlive the attempt.</summary>
    private static async ValueTask CallOffAsync(Passage passage, ValueTask<ReadOnlyMemory<byte>> reading)
    {
        passage.Leg.Cut(passage.Leg.Turn, CutCause.ClientGone);
        try
        {
            await reading;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // That it fails is what was wanted.
        }
    }

    /// <summary>A slow client is waited for, but no longer than the idle time (or until the attempt is cut): it holds a place upstream.</summary>
    private static ValueTask HandOverAsync(Passage passage, ValueTask handing) =>
        handing.IsCompletedSuccessfully ? handing : WaitForClientAsync(passage, handing);

    private static async ValueTask WaitForClientAsync(Passage passage, ValueTask handing)
    {
        passage.Leg.Touch();
        await using var watch = passage.Leg.Token.UnsafeRegister(static exchange => ((Exchange)exchange!).Abort(), passage.Exchange);
        await handing;
    }

    private static void TakeHead(Exchange exchange, Attempt attempt)
    {
        exchange.Answer.Status = attempt.Answer.Status;
        attempt.Answer.Headers.CopyTo(exchange.Answer.Headers);
    }

    private static void SetFailure(Attempt attempt, Exception error)
    {
        if (attempt.Failure != AttemptFailure.None)
            return;
        attempt.Failure = error is UpstreamBrokeOffException ? AttemptFailure.Unanswered : AttemptFailure.Cancelled;
        attempt.Detail ??= error is UpstreamBrokeOffException ? "answer broken off" : null;
    }
}
