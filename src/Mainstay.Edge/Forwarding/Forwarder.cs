using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding.Hedging;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Deadlines;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// Gets an answer for a request from one of its service's upstreams: deadline → pick → attempt → classify → maybe retry, inside the budget →
/// respond. Every request ends with an answer, an upstream's or ours, or with its client cut off.
/// </summary>
internal sealed class Forwarder(TimeProvider time, ILoggerFactory logs, int seed)
{
    private const int MostPooled = 1024;

    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(25), TimeSpan.FromSeconds(1));
    /// <summary>How soon a replica's death is known here, after its connections broke.</summary>
    private static readonly TimeSpan NewsOfDeath = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ComeBackIn = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = logs.CreateLogger("Mainstay.Edge.Forwarding");
    private readonly Dice _dice = new(seed);
    private readonly ConcurrentQueue<Passage> _pool = new();

    /// <summary>Forwards the request to the service of its route.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ForwardAsync(Exchange exchange)
    {
        var route = exchange.Facts.Route ?? throw new InvalidOperationException("The request has no route.");
        var set = route.Service ?? throw new InvalidOperationException("The route leads to no service.");
        var passage = _pool.TryDequeue(out var pooled) ? pooled : new Passage(time);
        passage.Start(exchange, set, route.Spec);
        set.CountRequest(passage.Now);
        var isWhole = false;
        try
        {
            await RunAsync(passage);
            isWhole = true;
        }
        finally
        {
            // One that ended with an exception may still be known to somebody: it is not used again.
            if (passage.TryFinish() && isWhole && _pool.Count < MostPooled)
                _pool.Enqueue(passage);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunAsync(Passage passage)
    {
        while (true)
        {
            var leg = passage.BeginTurn();
            if (passage.ClientHasGone)
            {
                passage.Exchange.Abort();
                return;
            }
            if (passage.Set.TryBegin(leg, passage.Tried, passage.CanMove) is { } upstream)
            {
                leg.To = upstream;
                if (!await TryAsync(passage))
                    return;
            }
            else if (passage.Set.BarredFor(passage.Now) is { } seconds)
            {
                await RefuseAsync(passage, seconds);
                return;
            }
            else if (!await WaitAsync(passage, pause: null))
            {
                return;
            }
        }
    }

    /// <summary>One attempt, or two at once. True: it came to nothing, and another one is to be made.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TryAsync(Passage passage)
    {
        var outcome = FlightOutcome.Failure(answered: false);
        Verdict verdict;
        try
        {
            await passage.PrepareAsync();
            var patience = passage.Hedge is null ? double.NaN : Race.Patience(passage);
            await (double.IsNaN(patience) ? passage.Leg.SendAsync() : Race.RunAsync(passage, patience));
            (verdict, outcome) = passage.Leg.Attempt.Failure == AttemptFailure.None ? await AnswerAsync(passage) : Fail(passage);
        }
        finally
        {
            await passage.Leg.EndAsync(outcome);
        }
        if (!verdict.IsDone)
            return await GoOnAsync(passage, verdict);
        if (outcome.Answered && passage.Leg.Attempt.Failure == AttemptFailure.None)
            passage.Leg.Keep();
        return false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(Verdict, FlightOutcome)> AnswerAsync(Passage passage)
    {
        var (attempt, upstream) = (passage.Leg.Attempt, passage.Leg.To);
        var now = passage.Now;
        var outcome = RetryRules.Judge(attempt, now - passage.Leg.WorkBegan);
        passage.Leg.IsAnswered = true;
        if (!double.IsNaN(outcome.Latency))
            passage.Hedge?.Record(now - passage.WorkBegan, now);
        // A fast failure says nothing about how much the service can do.
        passage.Exchange.Facts.Place.Note(outcome.Verdict, isMeasured: outcome.Verdict == FlightVerdict.Success && outcome.Penalty == 0);
        if (RetryRules.IsRefusal(attempt.Answer.Status) && passage.IsIdempotent && HasElsewhere(passage, upstream)
            && RetryRules.TrySpend(passage, attempt, upstream))
        {
            return (Verdict.Again, outcome);
        }
        if (RetryRules.IsRefusal(attempt.Answer.Status) && passage.Exchange.Facts.Route?.Fallback is not null)
            return (new Verdict(attempt.Answer.Status, "The service refused the request."), outcome);
        if (attempt.Tunnel is not null)
        {
            if (passage.Exchange.Request.Upgrade is null)
            {
                attempt.Failure = AttemptFailure.Malformed;
                attempt.Detail = "101 without having been asked";
                return Fail(passage);
            }
            passage.Set.Note(passage.Leg, outcome);
            outcome = FlightOutcome.Ignored;
        }
        try
        {
            if (attempt.Tunnel is not null)
            {
                await Tunnel.RunAsync(passage, attempt);
                return (Verdict.Done, outcome);
            }
            (var end, outcome) = await AnswerRelay.RunAsync(passage, attempt, outcome);
            if (end == RelayEnd.HeldBroke)
                return Fail(passage);
            if (end == RelayEnd.UpstreamBroke)
                _log.BrokeOff(passage.Exchange.Facts.RequestId, upstream.Name, attempt.Detail ?? AnswerRelay.Idle);
            if (end != RelayEnd.Complete)
                passage.Exchange.Abort();
            return (Verdict.Done, outcome);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client's side: it has gone while the answer was handed to it. The upstream did its part.
            if (!passage.ClientHasGone)
                _log.HandOverFailed(passage.Exchange.Facts.RequestId, upstream.Name, error.Message);
            passage.Exchange.Abort();
            attempt.Failure = AttemptFailure.Cancelled;
            return (Verdict.Done, AnswerRelay.IsNotedAtOnce(attempt) ? FlightOutcome.Ignored : outcome);
        }
    }

    /// <summary>What to do about an attempt without a whole answer, of which the client has seen nothing.</summary>
    private static (Verdict, FlightOutcome) Fail(Passage passage)
    {
        var (attempt, upstream) = (passage.Leg.Attempt, passage.Leg.To);
        // The time ran out while the client was still sending, or just after: that is not the replica's fault.
        var isCutShort = passage.IsUploading || (passage.Leg.Cause == CutCause.None && !passage.HadUpstreamTime);
        var failed = attempt.Failure == AttemptFailure.Cancelled && isCutShort ? FlightOutcome.Ignored : RetryRules.JudgeFailed(attempt);
        if (attempt.Failure == AttemptFailure.ClientBody || (passage.HasBody && passage.Body.Error is not null))
        {
            return (passage.Body.Error is BodyTooLargeException
                ? new Verdict(413, "The request body is larger than this route allows.")
                : new Verdict(400, "The request body could not be read to its end."), FlightOutcome.Ignored);
        }
        switch (passage.Leg.Cause)
        {
            case CutCause.ClientGone:
                passage.Exchange.Facts.Place.GiveUp();
                return (Verdict.Gone, FlightOutcome.Ignored);
            case CutCause.DrainLimit:
                return (RetryRules.TrySpend(passage, attempt, upstream)
                    ? Verdict.Again
                    : new Verdict(503, "The replica that worked on the request was stopped."), FlightOutcome.Ignored);
            default:
                // A deadline or attempt timeout, silence, or the network.
                if (RetryRules.TrySpend(passage, attempt, upstream))
                    return (Verdict.Again, failed);
                if (RetryRules.IsFreeIfDead(passage, attempt, upstream))
                    return (Verdict.IfDead, failed);
                if (attempt.Failure != AttemptFailure.Cancelled)
                    return (Verdict.Broken, failed);
                passage.Exchange.Facts.Place.GiveUp();
                return (Verdict.Late(passage), failed);
        }
    }

    /// <summary>Answers for a failure, or waits before the next attempt. True: another one is to be made.</summary>
    private async ValueTask<bool> GoOnAsync(Passage passage, Verdict verdict)
    {
        var exchange = passage.Exchange;
        var (attempt, upstream) = (passage.Leg.Attempt, passage.Leg.To);
        if (verdict == Verdict.Gone)
        {
            exchange.Abort();
            return false;
        }
        var reason = attempt.Failure == AttemptFailure.None
            ? $"status {attempt.Answer.Status}"
            : attempt.Detail ?? (passage.Leg.Cause == CutCause.Silence ? "silent" : attempt.Failure.ToString());
        if (verdict == Verdict.IfDead)
            verdict = await HasDiedAsync(passage, upstream) ? Verdict.Again : Verdict.Broken;
        if (verdict != Verdict.Again)
        {
            if (passage.Leg.Cause != CutCause.DrainLimit)
                NoteFailure(passage, verdict);
            if (verdict.Status >= 500)
                _log.GaveUp(exchange.Facts.RequestId, passage.Set.Service, exchange.Facts.Attempts, upstream.Name, reason, verdict.Status);
            await Degrade.AnswerAsync(exchange, verdict.Status, verdict.Detail, RetryRules.AskedFor(attempt, time) ?? (verdict.Status == 503 ? ComeBackIn : null));
            return false;
        }
        passage.Set.CountRetry();
        _log.Retrying(exchange.Facts.RequestId, passage.Set.Service, exchange.Facts.Attempts, upstream.Name, reason);
        var isFirst = passage.Tried.Count == 0;
        if (!passage.Tried.Contains(upstream))
            passage.Tried.Add(upstream);
        // At once to a replica that has not had it; a refused one is tried again only after a pause, or when another one comes.
        if (HasElsewhere(passage, upstream) && (isFirst || attempt.Failure == AttemptFailure.Unconnected))
            return true;
        passage.Backoff = Pauses.Next(passage.Backoff, _dice);
        if (attempt.Failure != AttemptFailure.Unconnected && passage.Now + passage.Backoff.TotalSeconds >= passage.Deadline)
        {
            var late = Verdict.Late(passage);
            NoteFailure(passage, late);
            await Degrade.AnswerAsync(exchange, late.Status, late.Detail);
            return false;
        }
        return await WaitAsync(passage, passage.Backoff.TotalSeconds);
    }

    /// <summary>
    /// For the route's breaker. Clients that are slow to send, or leave the service no time, must not be able to open it for everybody.
    /// </summary>
    private static void NoteFailure(Passage passage, Verdict verdict)
    {
        var isLate = passage.Leg.Attempt.Failure == AttemptFailure.Cancelled;
        if (isLate || verdict.Status >= 500)
            passage.Exchange.Facts.Place.Note(isLate && !passage.HadServiceTime ? FlightVerdict.Ignored : FlightVerdict.Failure, isMeasured: false);
    }

    /// <summary>Whether the replica turns out to be dead: the broken connection tells sooner than its parent.</summary>
    private async ValueTask<bool> HasDiedAsync(Passage passage, Upstream upstream)
    {
        var left = TimeSpan.FromSeconds(Math.Max(0, passage.Deadline - passage.Now));
        await Task.WhenAny(upstream.WhenGone, Task.Delay(left < NewsOfDeath ? left : NewsOfDeath, time));
        if (!upstream.WhenGone.IsCompleted)
            return false;
        passage.Retries++;
        return true;
    }

    /// <summary>Waits for an upstream, or for a pause to be over. False: in vain, and answered.</summary>
    private async ValueTask<bool> WaitAsync(Passage passage, double? pause)
    {
        var exchange = passage.Exchange;
        var now = passage.Now;
        exchange.Facts.Place.LendWhileWaiting();
        var end = await passage.Set.Room.WaitAsync(passage.Deadline, now - passage.Waited, pause, passage.KeptBytes, exchange.ClientGone);
        exchange.Facts.Place.EndWait();
        passage.Waited += passage.Now - now;
        switch (end)
        {
            case WaitEnd.Woken:
                return true;
            case WaitEnd.Gone:
                exchange.Abort();
                return false;
        }
        var (status, detail) = end == WaitEnd.Full
            ? (503, "The service is not ready, and too many requests wait for it already.")
            : (503, "The service is not ready.");
        // A planned gap says nothing about the service.
        if (!passage.Set.Room.IsHeld)
            exchange.Facts.Place.Note(FlightVerdict.Failure, isMeasured: false);
        _log.NothingReady(exchange.Facts.RequestId, passage.Set.Service, status);
        await Degrade.AnswerAsync(exchange, status, detail, ComeBackIn);
        return false;
    }

    /// <summary>Nobody listens where the service should be, and that is known.</summary>
    private ValueTask RefuseAsync(Passage passage, double seconds)
    {
        passage.Exchange.Facts.Place.Note(FlightVerdict.Failure, isMeasured: false);
        _log.NothingReady(passage.Exchange.Facts.RequestId, passage.Set.Service, 503);
        return Degrade.AnswerAsync(passage.Exchange, 503, "The service could not be reached of late; it was not asked again.", TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Whether some upstream serves that has not had the request yet.</summary>
    private static bool HasElsewhere(Passage passage, Upstream upstream)
    {
        var now = passage.Now;
        foreach (var other in passage.Set.Serving)
        {
            if (other != upstream && !other.IsBarred(now) && !passage.Tried.Contains(other))
                return true;
        }
        return false;
    }

    /// <summary>What becomes of a request after an attempt.</summary>
    /// <param name="Status">Of the answer of ours, if that is it; else 0 and below.</param>
    /// <param name="Detail">For the caller.</param>
    private readonly record struct Verdict(int Status, string Detail)
    {
        public static Verdict Done => new(0, "");

        public static Verdict Again => new(-1, "");

        public static Verdict Gone => new(-2, "");

        /// <summary>Again if the replica has died, else <see cref="Broken"/>.</summary>
        public static Verdict IfDead => new(-3, "");

        public static Verdict Broken => new(502, "The service could not be reached, or broke its answer off.");

        public bool IsDone => Status == 0;

        public static Verdict Late(Passage passage) =>
            passage.IsStarved ? new(408, ReplayableBody.Late) : new(504, "The service did not answer in time.");
    }
}
