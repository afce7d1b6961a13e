using System.Runtime.CompilerServices;
using Mainstay.Edge.Balancing;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// One attempt of a passage, from its pick to the end of its answer: where it is, and the one cancellation source that ends it, for whatever
/// cause. A passage has one leg, and a second one beside it while the request is hedged. Reused from attempt to attempt.
/// </summary>
internal sealed class Leg : Flight
{
    private const int CauseBits = 4;

    private readonly Passage _passage;
    private readonly TimeProvider _time;
    private CancellationTokenSource _source;
    private Attempt? _kept;
    private volatile IEndsOnDrain? _ending;
    private long _signal = 1L << CauseBits;
    private double _idle;
    private double _armed;

    public Leg(Passage passage, TimeProvider time)
    {
        _passage = passage;
        _time = time;
        _source = NewSource();
    }

    /// <summary>Where it went; still known when the flight is over.</summary>
    public Upstream To { get; set; } = null!;

    /// <summary>What is sent, and what became of it; from its preparation until the next turn.</summary>
    public Attempt Attempt { get; private set; } = null!;

    public CancellationToken Token => _source.Token;

    /// <summary>Why the attempt was given up; none, with a cancelled token, means that its time was up.</summary>
    public CutCause Cause => (CutCause)(Volatile.Read(ref _signal) & ((1 << CauseBits) - 1));

    public override long Turn => Volatile.Read(ref _signal) >> CauseBits;

    public override double WorkBegan => Math.Max(Began, _passage.WorkBegan);

    public override bool IsUploading => _passage.IsUploading;

    /// <summary>It has an answer, and not one that says "not me, not now".</summary>
    public bool IsGood => Attempt.Failure == AttemptFailure.None && !RetryRules.IsRefusal(Attempt.Answer.Status);

    /// <summary>A new turn: whatever was said to the attempt before does not concern the next.</summary>
    public void BeginTurn()
    {
        _ending = null;
        Attempt = null!;
        var before = NextTurn();
        // Only now: a late cut that still saw the old turn reached the old source.
        if (IsCut(before) || _source.IsCancellationRequested)
            ReplaceSource();
        _idle = 0;
        if (_passage.ClientHasGone)
            Cut(Turn, CutCause.ClientGone);
    }

    /// <summary>An attempt to be filled in, with so many seconds until it must have the head of its answer.</summary>
    public Attempt Prepare(Exchanges.RequestHead request, double left)
    {
        Attempt = _kept ?? new Attempt { Request = request };
        _kept = null;
        Attempt.Request = request;
        _source.CancelAfter(Clock.Whole(left));
        return Attempt;
    }

    /// <summary>Sends the attempt and waits for the head of its answer. What goes wrong is a value in the attempt.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync()
    {
        var attempt = Attempt;
        try
        {
            await To.Client.SendAsync(attempt, Token);
            // Given up in the very moment in which the answer came: its body could not be read any more.
            if (attempt.Failure == AttemptFailure.None && Token.IsCancellationRequested)
                attempt.Failure = AttemptFailure.Cancelled;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Clients tell failures as values; one that throws all the same may have sent something.
            attempt.Sent = true;
            attempt.Failure = Token.IsCancellationRequested ? AttemptFailure.Cancelled : AttemptFailure.Malformed;
            attempt.Detail = error.Message;
        }
    }

    /// <summary>Lets go of what the attempt holds, and leaves its upstream. Once it is over, further calls do nothing.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask EndAsync(FlightOutcome outcome)
    {
        try
        {
            if (Attempt is not null)
                await Attempt.DisposeAsync();
        }
        finally
        {
            _passage.Set.End(this, outcome);
        }
    }

    /// <summary>Keeps the attempt, which ended well, for the next turn.</summary>
    public void Keep()
    {
        Attempt.Reset();
        _kept = Attempt;
    }

    /// <summary>From now on silence, either way, ends it.</summary>
    public void BeginIdle(TimeSpan idle)
    {
        _armed = _time.Seconds();
        _idle = idle.TotalSeconds;
        _source.CancelAfter(Clock.Whole(_idle * 1.25));
    }

    /// <summary>An event stream that was cut between two events still has its end to send, within another idle time.</summary>
    public void BeginEnd(TimeSpan idle)
    {
        Cut(Turn, CutCause.StreamEnd); // one that is just on its way comes too late now
        ReplaceSource();
        BeginIdle(idle);
    }

    /// <summary>The attempt must be over after this.</summary>
    public void EndWithin(TimeSpan limit)
    {
        _idle = 0;
        _source.CancelAfter(Clock.Whole(limit.TotalSeconds));
    }

    /// <summary>A byte went through. Cheap: the timer is moved at most four times within the idle time.</summary>
    public void Touch()
    {
        var idle = _idle;
        if (idle == 0)
            return;
        var now = _time.Seconds();
        if (now - _armed < idle / 4)
            return;
        _armed = now;
        _source.CancelAfter(Clock.Whole(idle * 1.25));
    }

    /// <summary>What is under way can end by itself at a boundary when its replica is drained.</summary>
    public void EndsOnDrain(IEndsOnDrain ending)
    {
        _ending = ending;
        if (Upstream?.EndsOnDrain(this) == true)
            ending.TellToEnd();
    }

    /// <summary>Ready for the next request: nothing that was said during this one concerns it.</summary>
    public void Finish()
    {
        _ending = null;
        var before = NextTurn();
        if (IsCut(before) || !_source.TryReset())
            ReplaceSource();
    }

    public override void Cut(long turn, CutCause cause)
    {
        var source = _source; // before the turn is compared, see BeginTurn
        if (Interlocked.CompareExchange(ref _signal, (turn << CauseBits) | (long)cause, turn << CauseBits) == turn << CauseBits)
            source.Cancel();
    }

    public override bool TryMove(long turn)
    {
        if (Turn != turn || IsAnswered || !_passage.TryPayForMove())
            return false;
        Cut(turn, CutCause.Silence);
        return true;
    }

    public override void TellToEnd(long turn)
    {
        var ending = _ending;
        if (Turn == turn)
            ending?.TellToEnd();
    }

    public override void LendPlace(long turn)
    {
        if (Turn == turn)
            _passage.LendWhileUploading();
    }

    private long NextTurn() => Interlocked.Exchange(ref _signal, (Turn + 1) << CauseBits);

    private static bool IsCut(long signal) => (signal & ((1 << CauseBits) - 1)) != 0;

    private void ReplaceSource()
    {
        if (!_source.IsCancellationRequested)
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _source = NewSource();
    }

    private CancellationTokenSource NewSource() => new(Timeout.InfiniteTimeSpan, _time);
}

/// <summary>A stream or tunnel that ends by itself when its replica is drained.</summary>
internal interface IEndsOnDrain
{
    /// <summary>End at the next boundary. From any thread, at any time, more than once.</summary>
    void TellToEnd();
}
