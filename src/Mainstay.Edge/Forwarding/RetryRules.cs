using System.Globalization;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// Whether a request may be sent once more. Safety first: what is not idempotent is repeated only if no byte of it reached an upstream, and
/// nothing is repeated once an answer has begun. Then the route's <c>retries</c> and the service's budget.
/// </summary>
internal static class RetryRules
{
    /// <summary>Whether repeating can do no harm.</summary>
    public static bool IsSafe(Passage passage, Attempt attempt) =>
        !passage.Exchange.AnswerStarted && passage.CanReplay && !passage.ClientHasGone && (passage.IsIdempotent || !attempt.Sent);

    /// <summary>Pays for one more attempt, if it is safe and can be afforded.</summary>
    public static bool TrySpend(Passage passage, Attempt attempt, Upstream upstream)
    {
        if (!IsSafe(passage, attempt) || passage.Route.Retries == 0)
            return false;
        var now = passage.Now;
        if (now >= passage.Deadline)
            return false;
        if (passage.Leg.Cause == CutCause.Silence)
        {
            passage.Retries++;
            return true; // paid for when it was cut
        }
        // A replica of ours that refuses has just died, and nothing reached it: a wait like any other until it is back, not a load.
        if (attempt.Failure == AttemptFailure.Unconnected && !upstream.IsStatic)
            return true;
        if (passage.Retries >= passage.Route.Retries || !passage.Set.Budget.TrySpend(now))
            return false;
        passage.Retries++;
        return true;
    }

    /// <summary>
    /// Whether the attempt may be made once more outside the budget, should its replica turn out to have died: then it is no load on top of
    /// what the service has to bear, but the only attempt that can still succeed. The route's <c>retries</c> count all the same, so that a
    /// request that kills whoever serves it does not kill them all.
    /// </summary>
    public static bool IsFreeIfDead(Passage passage, Attempt attempt, Upstream upstream) =>
        IsSafe(passage, attempt) && !upstream.IsStatic && passage.Retries < passage.Route.Retries && passage.Now < passage.Deadline
        && passage.Leg.Cause == CutCause.None && attempt.Failure is AttemptFailure.Unanswered or AttemptFailure.BrokenHead;

    /// <summary>
    /// Answers that say "not me, not now": of an idempotent request they are tried once more where the request has not been yet. All other
    /// answers are the application's word and pass through, and so do these when there is nowhere else to go.
    /// </summary>
    public static bool IsRefusal(int status) => status is 502 or 503 or 504;

    /// <summary>What an answer says about its upstream.</summary>
    public static FlightOutcome Judge(Attempt attempt, double latency)
    {
        var status = attempt.Answer.Status;
        if (status < 500 && status != 429)
            return FlightOutcome.Success(latency);
        var penalty = Math.Max(FlightOutcome.LeastPenalty, RetryAfter(attempt));
        // Too many requests: not a fault, but no invitation either.
        return status == 429 ? new FlightOutcome(FlightVerdict.Success, true, double.NaN, penalty) : FlightOutcome.Failure(answered: true, penalty);
    }

    /// <summary>What an attempt says about its upstream when another one's answer is the request's, or neither's.</summary>
    public static FlightOutcome JudgeAside(Leg leg, double elapsed)
    {
        var attempt = leg.Attempt;
        if (attempt.Failure == AttemptFailure.None)
            return Judge(attempt, elapsed);
        if (attempt.Failure == AttemptFailure.ClientBody || leg.Cause is CutCause.ClientGone or CutCause.DrainLimit)
            return FlightOutcome.Ignored;
        return attempt.Failure == AttemptFailure.Cancelled && leg.Cause == CutCause.Overtaken
            ? FlightOutcome.Overtaken(attempt.Answered, elapsed)
            : JudgeFailed(attempt);
    }

    /// <summary>What an attempt that came to nothing says about its upstream.</summary>
    public static FlightOutcome JudgeFailed(Attempt attempt) =>
        attempt.IsOurShortage ? FlightOutcome.Ignored
        : attempt.Failure == AttemptFailure.Unconnected ? FlightOutcome.Unreachable : FlightOutcome.Failure(attempt.Answered);

    /// <summary>What an upstream's refusal says in <c>Retry-After</c>, in seconds or as a date, for the answer that replaces it; null: nothing.</summary>
    public static TimeSpan? AskedFor(Attempt attempt, TimeProvider time)
    {
        if (attempt.Failure != AttemptFailure.None || !IsRefusal(attempt.Answer.Status) || attempt.Answer.Headers.Text(HeaderId.RetryAfter) is not { } text)
            return null;
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - time.GetUtcNow() : null;
    }

    private static double RetryAfter(Attempt attempt) =>
        attempt.Answer.Headers.TryGet(HeaderId.RetryAfter, out var value)
        && System.Buffers.Text.Utf8Parser.TryParse(value, out uint seconds, out var used) && used == value.Length
            ? Math.Min(seconds, 300)
            : 0;
}
