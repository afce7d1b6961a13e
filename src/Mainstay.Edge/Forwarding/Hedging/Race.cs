using System.Runtime.CompilerServices;
using Mainstay.Edge.Balancing;

namespace Mainstay.Edge.Forwarding.Hedging;

/// <summary>
/// A request that may be made twice: when the first attempt takes longer than most do, a second one is made elsewhere, and whichever answers
/// first is the answer (Dean and Barroso, "The Tail at Scale", 2013). When it ends, one attempt is left, and nothing else is under way.
/// </summary>
internal static class Race
{
    /// <summary>How often to look whether a slow client has sent its body; seconds.</summary>
    private const double UploadCheck = 0.025;

    /// <summary>Seconds to wait for the first attempt alone; NaN: however long it takes.</summary>
    public static double Patience(Passage passage)
    {
        // One that finds out whether its upstream answers must not be kept from it. A connection cannot be upgraded twice.
        if (passage.Hedge is not { } hedge || passage.WasHedged || !passage.IsIdempotent || passage.Leg.Visit != Visit.Ordinary
            || passage.Exchange.Request.Upgrade is not null)
        {
            return double.NaN;
        }
        var now = passage.Now;
        var patience = hedge.DelayAt(now);
        return now + patience < passage.Deadline ? patience : double.NaN;
    }

    /// <summary>Sends the attempt of the passage's leg, and maybe another one. The leg whose attempt goes on is the passage's then.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask RunAsync(Passage passage, double patience)
    {
        var first = passage.Leg;
        var sending = first.SendAsync();
        if (sending.IsCompleted)
        {
            await sending;
            return;
        }
        var answer = sending.AsTask();
        // An upstream cannot be slow before it has all of the request.
        for (var left = patience; left > 0 && !answer.IsCompleted;
            left = passage.IsUploading ? Math.Max(patience, UploadCheck) : passage.WorkBegan + patience - passage.Now)
        {
            await answer.WaitAsync(Clock.Whole(left), passage.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (answer.IsCompleted || TryBegin(passage, first) is not { } second)
        {
            await answer;
            return;
        }
        var other = second.SendAsync().AsTask();
        try
        {
            passage.GoOnWith(await WinnerAsync(passage, (first, answer), (second, other)));
            // Before the race is over: nobody may move it elsewhere for its silence while the other one still ends.
            passage.Leg.IsAnswered = passage.Leg.Attempt.Failure == AttemptFailure.None;
        }
        finally
        {
            passage.EndRace();
            var (loser, its) = passage.Leg == first ? (second, other) : (first, answer);
            // One that is over failed by itself, and is to be judged by that.
            if (!its.IsCompleted)
                loser.Cut(loser.Turn, CutCause.Overtaken);
            await its;
            await EndAsync(passage, loser);
        }
        if (!passage.Leg.IsGood)
            passage.Tried.Add(second.To); // as the first one's: neither was of use
        else if (passage.Leg == second)
            passage.Hedge!.CountWon();
    }

    /// <summary>The first good answer; a failure or a refusal does not win as long as there may be a better one.</summary>
    private static async ValueTask<Leg> WinnerAsync(Passage passage, (Leg Leg, Task Answer) first, (Leg Leg, Task Answer) second)
    {
        await Task.WhenAny(first.Answer, second.Answer);
        var (early, late) = first.Answer.IsCompleted ? (first, second) : (second, first);
        if (early.Leg.IsGood)
            return early.Leg;
        passage.EndRace();
        var isRefusal = early.Leg.Attempt.Failure == AttemptFailure.None;
        if (isRefusal)
            early.Leg.IsAnswered = true;
        else
            await EndAsync(passage, early.Leg);
        await late.Answer;
        // A refusal is still an answer to hand on.
        return isRefusal && late.Leg.Attempt.Failure != AttemptFailure.None ? early.Leg : late.Leg;
    }

    /// <summary>Puts a second attempt on another upstream, if that is safe, can be afforded and would not make things worse.</summary>
    private static Leg? TryBegin(Passage passage, Leg first)
    {
        var now = passage.Now;
        if (passage.ClientHasGone || now >= passage.Deadline || !passage.Set.HasOther(first.To, passage.Tried) || IsCrowded(passage, now))
            return null;
        if (passage.TryBeginSecond() is not { } second || !passage.Set.Budget.TrySpend(now))
            return null;
        passage.Tried.Add(first.To);
        if (passage.Set.TryBeginElsewhere(second, passage.Tried) is not { } upstream)
        {
            passage.Tried.RemoveAt(passage.Tried.Count - 1);
            return null;
        }
        second.To = upstream;
        passage.BeginRace();
        passage.Hedge!.CountMade();
        return second;
    }

    /// <summary>Where requests queue, all are slow because there are too many of them: one more helps nobody.</summary>
    private static bool IsCrowded(Passage passage, double now) =>
        passage.Exchange.Facts.Route?.Admission?.Keeper is { } keeper && keeper.Gate.State(now) is { IsOverloaded: true } or { Queued: > 0 };

    private static ValueTask EndAsync(Passage passage, Leg leg) => leg.EndAsync(RetryRules.JudgeAside(leg, passage.Now - leg.WorkBegan));
}
