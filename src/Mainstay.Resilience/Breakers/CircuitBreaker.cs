using Mainstay.Resilience.Chance;

namespace Mainstay.Resilience.Breakers;

/// <summary>
/// A circuit breaker (Nygard, "Release It!"): refuses at once what an upstream would only fail at, and lets one trial at a time find out
/// whether it has recovered. When it opens is <see cref="BreakerPolicy"/>'s. Thread-safe; while all is well entering costs one read,
/// a success two, and nothing is written. Allocates nothing.
/// </summary>
/// <param name="policy">Its numbers.</param>
/// <param name="dice">For the jitter between trials.</param>
public sealed class CircuitBreaker(BreakerPolicy policy, Dice dice)
{
    private readonly Lock _gate = new();
    private int _turn = 1;
    private int _closedTurn = 1; // 0 while not closed
    private int _openedTurn;
    private int _failures;
    private int _successes;
    private double _rowBegan;
    private double _rowSpan;
    private double _since = double.NegativeInfinity;
    private double _nextTrial;
    private double _openFor;
    private int _failedTrials;
    private int _opened;
    private bool _onTrial;
    private bool _isQuick; // the row began as a surprise
    private long _refused;

    /// <summary>Everything goes.</summary>
    public bool IsClosed => Volatile.Read(ref _closedTurn) != 0;

    /// <summary>Whether a request may go. Every pass that may go must be handed back by exactly one of the other three.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public BreakerPass TryEnter(double now)
    {
        var turn = Volatile.Read(ref _closedTurn);
        return turn != 0 ? new(BreakerEntry.Closed, turn) : TryEnterOpened(now);
    }

    /// <summary>Whoever asks will wait for a new upstream, whatever the one before it did.</summary>
    public BreakerPass EnterHeld() => new(BreakerEntry.Held, Volatile.Read(ref _openedTurn));

    /// <summary>The upstream did its work. Closes the breaker if this was a trial, or waited for a new upstream.</summary>
    /// <returns>What it changed, if anything.</returns>
    public BreakerChange? Succeed(BreakerPass pass, double now)
    {
        if (pass.Entry == BreakerEntry.Closed && Volatile.Read(ref _failures) == 0 && Volatile.Read(ref _successes) >= policy.Proof)
            return null;
        lock (_gate)
        {
            if (pass.Entry == BreakerEntry.Trial)
                return IsOfThisOutage(pass) ? CloseLocked(now) : null;
            if (pass.Entry == BreakerEntry.Held)
                return _closedTurn == 0 && pass.Turn == _openedTurn ? CloseLocked(now) : null;
            if (pass.Turn != _closedTurn)
                return null;
            _successes = _failures > 0 ? 1 : Math.Min(policy.Proof, _successes + 1);
            _failures = 0;
            return null;
        }
    }

    /// <summary>The upstream failed. Opens the breaker if that was one too many, or if this was a trial.</summary>
    /// <returns>What it changed, if anything.</returns>
    public BreakerChange? Fail(BreakerPass pass, double now)
    {
        if (pass.Entry == BreakerEntry.Held)
            return null;
        lock (_gate)
        {
            if (pass.Entry == BreakerEntry.Trial)
            {
                if (!IsOfThisOutage(pass))
                    return null;
                _failedTrials++;
                return StayOpenLocked(now);
            }
            if (pass.Turn != _closedTurn)
                return null;
            if (_failures == 0)
            {
                _rowBegan = now;
                _isQuick = _successes >= policy.Proof;
                _successes = 0;
            }
            _failures++;
            _rowSpan = Math.Max(0, now - _rowBegan);
            if (_failures < (_isQuick ? policy.QuickFailures : policy.Failures) || _rowSpan < policy.Span)
                return null;
            _closedTurn = 0;
            _openedTurn = ++_turn;
            _since = now;
            _opened++;
            _failedTrials = 0;
            return StayOpenLocked(now);
        }
    }

    /// <summary>It says nothing about the upstream: its client left, or its body broke. A trial may be made by another.</summary>
    public void GiveBack(BreakerPass pass, double now)
    {
        if (pass.Entry != BreakerEntry.Trial)
            return;
        lock (_gate)
        {
            if (!_onTrial || pass.Turn != _turn)
                return; // another one is under way by now, or none is needed
            _onTrial = false;
            Volatile.Write(ref _nextTrial, now);
        }
    }

    /// <summary>Seconds until a request may go again, for <c>Retry-After</c>; 0 when one may now.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public double RetryAfter(double now) => IsClosed ? 0 : Math.Max(0, Volatile.Read(ref _nextTrial) - now);

    /// <summary>Where it stands.</summary>
    /// <param name="now">Monotonic time, in seconds.</param>
    public BreakerState State(double now)
    {
        lock (_gate)
        {
            var mode = _closedTurn != 0 ? BreakerMode.Closed : _onTrial ? BreakerMode.HalfOpen : BreakerMode.Open;
            var span = _failures > 0 ? _rowSpan : 0;
            return new(mode, _since, _failures, span, _failedTrials, RetryAfter(now), _opened, Interlocked.Read(ref _refused));
        }
    }

    private BreakerPass TryEnterOpened(double now)
    {
        if (now < Volatile.Read(ref _nextTrial))
        {
            Interlocked.Increment(ref _refused);
            return default(BreakerPass) with { Entry = BreakerEntry.Open };
        }
        lock (_gate)
        {
            if (_closedTurn != 0)
                return new(BreakerEntry.Closed, _closedTurn);
            if (now < _nextTrial)
            {
                Interlocked.Increment(ref _refused);
                return default(BreakerPass) with { Entry = BreakerEntry.Open };
            }
            // One that was never heard of again no longer counts, but may still close the breaker.
            _onTrial = true;
            Volatile.Write(ref _nextTrial, now + policy.TrialPatience);
            return new(BreakerEntry.Trial, ++_turn);
        }
    }

    private bool IsOfThisOutage(BreakerPass pass) => _closedTurn == 0 && pass.Turn > _openedTurn;

    private BreakerChange StayOpenLocked(double now)
    {
        _openFor = Math.Min(policy.Longest, policy.Shortest * Math.Pow(2, Math.Min(_failedTrials, 30))) * (1 + (policy.Jitter * dice.Unit()));
        _onTrial = false;
        Volatile.Write(ref _nextTrial, now + _openFor);
        return new(BreakerMode.Open, _failures, _rowSpan, _failedTrials, _openFor);
    }

    private BreakerChange CloseLocked(double now)
    {
        var change = new BreakerChange(BreakerMode.Closed, _failures, _rowSpan, _failedTrials, now - _since);
        _onTrial = false;
        _since = now;
        _failures = 0;
        _successes = 1;
        _failedTrials = 0;
        Volatile.Write(ref _closedTurn, ++_turn);
        return change;
    }
}
