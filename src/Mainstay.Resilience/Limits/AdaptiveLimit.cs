namespace Mainstay.Resilience.Limits;

/// <summary>
/// How many requests a service can work on at once, found by trying: while requests wait, more are let in for a moment, or fewer, and what
/// the service completes in that time decides. More at once that completes no more is only a queue inside the service; fewer at once that
/// completes as much is the same work with less waiting. Throughput is asked and not latency, because latency cannot tell a slow request
/// from a waiting one: a service of one route that takes 1 ms or 800 ms by chance, or that has become slower by itself, is judged rightly.
/// </summary>
/// <remarks>
/// Hill climbing on the throughput plateau, the second signal of Netflix's concurrency-limits and of Envoy's adaptive concurrency made the
/// first (both compare latencies with a baseline, which mild overload raises, and which Envoy measures by holding requests back).
/// Nothing is tried, and the limit rests, while nobody waits. Not thread-safe: the gate's lock covers it.
/// </remarks>
public sealed class AdaptiveLimit
{
    private readonly LimitPolicy _policy;
    private readonly ThroughputWindow _window = new();
    private readonly Reference _reference = new();
    private readonly LossWatch _losses;
    private readonly LatencyTrend _latency;
    private readonly CompletionNoise _noise = new();
    private readonly Settling _settling;
    private readonly IdleUploads _uploads;
    private readonly PeakWatch _peak;
    private Trial _trial;
    private int _rest;          // the limit outside trials
    private double _stepUp;
    private double _stepDown;
    private double _pause;
    private double _nextTrial;
    private bool _downNext;
    private double _nextDown;   // whatever is next
    private int _downEvery = 1; // ups before the next down, as long as nothing is found
    private int _ups;
    private int _evidence;
    private int _windowInFlight;
    private double _slowest;
    private double _boundSince = double.NaN;
    private double _lastBound = double.NegativeInfinity;
    private double _now;

    public AdaptiveLimit(LimitPolicy? policy = null)
    {
        _policy = policy ?? new();
        _losses = new(_policy);
        _latency = new(_policy);
        _settling = new(_policy);
        _uploads = new(_policy);
        _peak = new(_policy.Unused);
        Current = _rest = _policy.Initial;
        _stepUp = _policy.CoarseStep;
        _stepDown = _policy.CoarseStep;
        _pause = _policy.ShortestPause;
        LastChange = new(Current, Current, LimitCause.Initial);
    }

    private enum Trial
    {
        None,
        Up,
        Down,
    }

    /// <summary>Requests that may be at work at once.</summary>
    public int Current { get; private set; }

    /// <summary>The limit outside trials.</summary>
    public int AtRest => _rest;

    /// <summary>It was seen, several times in a row, that the service does not complete more when it has more to work on.</summary>
    public bool IsSaturated => _evidence >= (_latency.IsInflated ? _policy.Evidence : 2 * _policy.Evidence);

    /// <summary>Why the limit at rest is what it is.</summary>
    public LimitChange LastChange { get; private set; }

    /// <summary>A request was completed.</summary>
    /// <param name="weight">1 for one that takes as long as the service's others at the same time: a shift from quick routes to slow ones is no loss of throughput.</param>
    /// <param name="latency">What it took; seconds.</param>
    public void Complete(double weight, double latency)
    {
        _latency.Record(latency);
        _window.Complete(weight);
        _losses.Complete();
        if (_settling.IsOn || double.IsNaN(_boundSince))
            _noise.Interrupt();
        else
            _noise.Count(_now, _latency.Recent);
    }

    /// <summary>A request came to an end that says nothing about the service's speed: it failed at once.</summary>
    public void Ignore() => _window.Ignore();

    /// <summary>A request was given up while it was at work.</summary>
    public void GiveUp()
    {
        _window.GiveUp();
        _losses.GiveUp();
    }

    /// <summary>A request that has not been at work since it was let in gave its place back for a while.</summary>
    /// <param name="held">Seconds for which it had the place.</param>
    public void Lend(double held) => _window.Lend(held);

    /// <summary>Call before anything changes at the gate, and every few milliseconds while requests wait.</summary>
    /// <param name="inFlight">Requests at work since the last call.</param>
    /// <param name="waits">Whether any waited.</param>
    /// <param name="slowest">What requests of the slowest route that waits usually take; seconds; infinity if none was ever completed.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Pass(int inFlight, bool waits, double slowest, double now)
    {
        _now = now;
        if (waits)
            _slowest = slowest;
        var binds = waits || inFlight >= Current;
        _window.Pass(now, inFlight, binds);
        if (binds)
        {
            if (double.IsNaN(_boundSince))
                BeginBinding(now);
            _lastBound = now;
            if (_losses.Look(inFlight, _rest, now) is { } rate)
                Cut(rate, now);
            Look(inFlight, now);
        }
        else if (!double.IsNaN(_boundSince))
        {
            // More at once may leave nobody waiting for a while, and yet only fill the service's own queue.
            if (_trial != Trial.Up && now - _lastBound > _policy.ShortestWindow)
                EndBinding(now);
            else
                Look(inFlight, now);
        }
        if (_peak.Look(inFlight, now) is { } most)
            ForgetUnused(most);
    }

    private void BeginBinding(double now)
    {
        _boundSince = now;
        _reference.Forget();
        _pause = _policy.ShortestPause;
        if (now - _lastBound > _policy.Memory)
        {
            _evidence = 0;
            _nextDown = now;
            _stepUp = _stepDown = _policy.CoarseStep;
        }
        _nextTrial = now;
        _downNext = false;
        _losses.Begin(now);
        Rest(now);
    }

    private void EndBinding(double now)
    {
        _boundSince = double.NaN;
        Rest(now);
    }

    /// <summary>Most requests take longer than their clients wait: there are far too many at work.</summary>
    private void Cut(double rate, double now)
    {
        _evidence = 2 * _policy.Evidence;
        _reference.Forget();
        Set(Math.Max(_policy.Lowest, (int)(_rest / _latency.Descent)), LimitCause.GivenUp, 0, rate);
        _stepDown = _policy.CoarseStep;
        _downNext = true;
        _nextTrial = _nextDown = now;
        Rest(now, drains: true);
    }

    private void Look(int inFlight, double now)
    {
        if (_settling.IsOn)
        {
            var stage = _settling.Look(inFlight - Current, _latency.Longest, now);
            if (stage == Settling.Stage.Over)
            {
                _window.Begin(now);
                _windowInFlight = inFlight;
            }
            else if (stage == Settling.Stage.Hangs)
            {
                // They keep all places there are, so that nobody else is let in: fewer cannot be tried now.
                _downNext = false;
                _nextTrial = now;
                _nextDown = now + _policy.LongestPause;
                Rest(now);
            }
            return;
        }
        var isFine = _trial switch
        {
            Trial.Up => _stepUp < _policy.CoarseStep,
            Trial.Down => _stepDown <= _policy.FineStep,
            _ => IsSaturated && _stepDown <= _policy.FineStep,
        };
        // Those that were let in, or not, must have had the time to be completed.
        var isEarly = _trial != Trial.None && !IsUnjudgeable && now - _settling.Since < _slowest;
        if (isEarly || _window.Length < _policy.ShortestWindow)
            return;
        // The less its completions vary, the fewer of them tell.
        var precise = _noise.SamplesFor(_policy.Precision);
        var enough = isFine ? Math.Clamp(precise, _policy.CoarseSamples, _policy.FineSamples) : Math.Clamp(precise / 16, _policy.ManifestSamples, _policy.CoarseSamples);
        var longest = isFine ? Math.Clamp(20 * _latency.Recent, 4 * _policy.LongWindow, _policy.LongestWindow) : Math.Clamp(5 * _latency.Recent, _policy.LongWindow, _policy.LongestWindow);
        var few = 2 * Current <= _rest ? _policy.ManifestSamples : Math.Clamp(precise, _policy.ManifestSamples, _policy.CoarseSamples);
        // Those given up had waited before the trial: it says little.
        var isUnfair = _trial == Trial.Down && 10 * _window.GivenUp > _window.Count && now - _settling.Since < _policy.LongestWindow;
        if (_uploads.Disturb(_window, now) || isUnfair)
        {
            if (_window.Length >= _policy.LongWindow)
                _window.Begin(now);
            return;
        }
        var isObvious = _trial == Trial.Down && _window.Count >= few && IsFarTooFew();
        var isShort = _window.Length < Math.Min(_latency.Longest, _policy.LongestSettling);
        if (!isObvious && (isShort || (_window.Count < enough && _window.Length < longest)))
            return;
        var isComparable = _trial == Trial.Up ? _window.InFlight > _rest : _window.Bound >= _policy.Bound;
        if (isComparable || isObvious)
            Judge(inFlight, now);
        else
            Rest(now); // it holds hardly anybody back
    }

    private void Judge(int inFlight, double now)
    {
        var rate = _window.Rate;
        switch (_trial)
        {
            case Trial.None:
                if (IsUnjudgeable)
                    _evidence = 0;
                if (IsUnjudgeable || (_window.Count + _window.Ignored < _policy.FewestSamples && !IsSaturated))
                {
                    Set(Grown(_policy.BlindStep), LimitCause.Unknown, 0, rate);
                    Rest(now);
                    return;
                }
                if (rate < _reference.Rate * (1 - Math.Max(_policy.Loss, 2 * _noise.Of(_window.Count))))
                {
                    // It can do less than before: look for the new limit at once.
                    _reference.Forget();
                    _downEvery = 1;
                    _downNext = _latency.IsInflated;
                    _nextTrial = _nextDown = now;
                    _pause = _policy.ShortestPause;
                }
                _reference.Average(rate, _window.Count, Math.Clamp(_noise.SamplesFor(_policy.Precision), 2 * _policy.CoarseSamples, 2 * _policy.FineSamples));
                _window.Begin(now);
                if (now >= _nextTrial)
                    Try(now);
                return;
            case var _ when IsUnjudgeable:
                Rest(now);
                return;
            case Trial.Up:
                JudgeMore(rate, inFlight, now);
                return;
            case Trial.Down:
                JudgeFewer(rate, now);
                return;
        }
    }

    private void JudgeMore(double rate, int inFlight, double now)
    {
        var gain = Math.Max(Math.Max(_policy.LeastGain, _noise.Of(_window.Count)), _policy.Elasticity * ((_window.InFlight / _rest) - 1));
        // Nobody waits any more, and it does not pile up inside either: that was all that was asked for.
        var isEnough = _window.Bound < 0.5 && !_latency.IsInflated && inFlight - _windowInFlight < _policy.LeastGain * _window.Rate * _window.Length;
        var isBetter = rate > _reference.Rate * (1 + gain);
        if (isEnough && !isBetter && IsSaturated)
        {
            Wait(now); // a lull of a mild overload: it says nothing
        }
        else if (isEnough || isBetter)
        {
            // No more than was made use of.
            var used = (int)Math.Min(Current, Math.Ceiling(_window.InFlight * _policy.FineStep));
            _evidence = 0;
            _stepUp = Math.Min(_policy.CoarseStep, _stepUp * _stepUp);
            _pause = _policy.ShortestPause;
            _downNext = false;
            Set(Math.Min(_policy.Highest, Math.Max(_rest + 1, used)), LimitCause.MoreHelped, _reference.Rate, rate);
            _reference.Set(rate);
        }
        else
        {
            var isConvincing = _noise.Convinces(-_reference.Loss(rate), (_window.InFlight / _rest) - 1, _window.Count);
            _evidence += isConvincing ? 1 : 0;
            _stepUp = isConvincing ? _policy.FineStep : _policy.CoarseStep;
            _downNext = ++_ups >= _downEvery;
            LastChange = new(Current, _rest, LimitCause.MoreWasUseless, _reference.Rate, rate);
            Wait(now);
        }
        Rest(now);
    }

    private void JudgeFewer(double rate, double now)
    {
        // Between nothing lost and all that could be; the more chance there is in it, the nearer to the middle.
        var share = 1 - ((double)Current / _rest);
        if (rate >= _reference.Rate * (1 - Math.Clamp(_noise.Of(_window.Count), _policy.Loss * share, 0.5 * share)))
        {
            _stepDown = Math.Min(_policy.CoarseStep, _stepDown * _stepDown);
            _evidence += _noise.Convinces(_reference.Loss(rate), share, _window.Count) ? 1 : 0;
            _pause = _policy.ShortestPause;
            _nextTrial = now;
            _downNext = true;
            _downEvery = 1;
            Set(Current, LimitCause.FewerSufficed, _reference.Rate, rate);
            _reference.Set(Math.Max(rate, _reference.Rate));
        }
        else if (_stepDown > _policy.FineStep)
        {
            // In proportion: nothing of it was waiting.
            if (_reference.Loss(rate) > 0.7 * share)
                _latency.Refute();
            _stepDown = _policy.FineStep;
            _nextTrial = now;
        }
        else
        {
            _latency.Accept();
            _downNext = false;
            _ups = 0;
            _downEvery = _latency.IsInflated ? 1 : Math.Min(_policy.RarestDown, _downEvery * 2);
            LastChange = new(Current, _rest, LimitCause.FewerCost, _reference.Rate, rate);
            Wait(now);
        }
        Rest(now);
    }

    /// <summary>Long polls, or a route that hangs: what others complete says nothing about whether there is room for these.</summary>
    private bool IsUnjudgeable => _slowest > _policy.LongestWindow;

    /// <summary>No need to look for longer: more than half of what fewer at once could cost is lost.</summary>
    private bool IsFarTooFew() => _window.Rate < _reference.Rate * (1 - Math.Max(0.6 * (1 - ((double)Current / _rest)), 2.5 * _noise.Of(_window.Count)));

    /// <summary>The longer nothing new is found, the rarer it is looked for.</summary>
    private void Wait(double now)
    {
        // The descent from a limit that is far too high does not wait.
        if (_evidence == 0 || _stepDown > _policy.FineStep || _latency.IsInflated)
        {
            _pause = _policy.ShortestPause;
            _nextTrial = now;
            return;
        }
        _nextTrial = now + _pause;
        _pause = Math.Min(_policy.LongestPause, _pause * 2);
    }

    private void Try(double now)
    {
        if (_evidence == 0 && _stepDown >= _policy.CoarseStep)
            _downNext = _latency.IsInflated;
        if (_latency.IsInflated && _evidence > 0)
            _stepUp = _policy.FineStep;
        if (_downNext && _rest > _policy.Lowest && now >= _nextDown)
        {
            _trial = Trial.Down;
            Current = Math.Max(_policy.Lowest, Math.Min(_rest - 1, (int)(_rest / (_stepDown < _policy.CoarseStep ? _stepDown : _latency.Descent))));
        }
        else
        {
            _trial = Trial.Up;
            Current = Grown(_stepUp);
        }
        _settling.Begin(now, Math.Max(_latency.Longest, double.IsInfinity(_slowest) ? 0 : _slowest), drains: _trial == Trial.Down);
    }

    /// <summary>Back to the limit at rest, and to watching what it completes.</summary>
    private void Rest(double now, bool drains = false)
    {
        _trial = Trial.None;
        Current = _rest;
        _settling.Begin(now, _latency.Longest, drains);
    }

    private int Grown(double step) => (int)Math.Min(_policy.Highest, Math.Max(_rest + 1, Math.Ceiling(_rest * step)));

    private void Set(int limit, LimitCause cause, double before, double after)
    {
        if (limit == _rest)
            return;
        LastChange = new(_rest, limit, cause, before, after);
        _rest = limit;
        Current = limit;
    }

    /// <summary>A limit far above what is used would let a sudden overload in as a whole.</summary>
    private void ForgetUnused(int most)
    {
        var needed = Math.Max(_policy.Initial, 2 * most);
        if (double.IsNaN(_boundSince) && _rest > needed)
            Set(needed, LimitCause.Unused, 0, 0);
    }
}
