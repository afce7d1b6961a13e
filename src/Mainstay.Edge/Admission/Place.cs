using System.Threading.Tasks.Sources;
using Mainstay.Edge.Balancing;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>
/// One request's place at its service: from its admission until the edge begins to answer. Belongs to an exchange and serves its requests one
/// after the other. While the request is not at work upstream (it waits for a replica, or its client is still sending) the place is lent out.
/// </summary>
internal sealed class Place : Ticket, IValueTaskSource<AdmissionAnswer>
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<AdmissionAnswer> _decision = new() { RunContinuationsAsynchronously = true };
    private RouteAdmission? _admission;
    private BreakerPass _pass;
    private FlightVerdict _verdict;
    private double _workBegan;
    private bool _isMeasured;
    private bool _isGivenUp;
    private bool _isUploading;
    private bool _isUploaded;
    private bool _isWaiting;

    /// <summary>It is not at work: others may use the place.</summary>
    private bool IsLent => _isUploading || _isWaiting;

    /// <summary>The breaker let it go on: what becomes of the request is told to it.</summary>
    public void Begin(RouteAdmission admission, BreakerPass pass)
    {
        _admission = admission;
        _pass = pass;
        _verdict = FlightVerdict.Ignored;
        _workBegan = double.NaN;
        _isMeasured = _isGivenUp = _isUploading = _isUploaded = _isWaiting = false;
    }

    /// <summary>Asks the gate. <see cref="AdmissionAnswer.Queued"/>: <see cref="DecisionAsync"/> tells how it went on.</summary>
    public AdmissionAnswer Ask(Gatekeeper keeper, double deadline, double now)
    {
        _decision.Reset();
        return keeper.Gate.Enter(this, _admission!.Share!, _admission.Priority, deadline, now);
    }

    /// <summary>How the wait ended; once after each <see cref="AdmissionAnswer.Queued"/>.</summary>
    public async ValueTask<AdmissionAnswer> DecisionAsync(Gatekeeper keeper, CancellationToken clientGone)
    {
        keeper.Wake();
        var watch = new Leaving(this, keeper);
        await using (clientGone.UnsafeRegister(static leaving => ((Leaving)leaving!).Leave(), watch))
            return await new ValueTask<AdmissionAnswer>(this, _decision.Version);
    }

    public override void Decided(AdmissionAnswer answer) => _decision.SetResult(answer);

    /// <summary>An attempt was sent: what is measured begins.</summary>
    public void BeginWork(double now) => _workBegan = now;

    /// <summary>The client's whole body has arrived: only from here on is it the service's time.</summary>
    public void EndUpload(double now)
    {
        lock (_lock)
        {
            if (!double.IsNaN(_workBegan))
                _workBegan = now;
            _isUploaded = true;
            if (!_isUploading)
                return;
            _isUploading = false;
            ReturnLocked();
        }
    }

    /// <summary>The client is slow to send: others may use the place meanwhile.</summary>
    public void LendWhileUploading()
    {
        lock (_lock)
        {
            // Whoever saw that it was slow may come when all has arrived: nobody would return the place any more.
            if (_isUploading || _isUploaded)
                return;
            LendLocked(wasIdle: true);
            _isUploading = true;
        }
    }

    /// <summary>No replica serves: others may use the place meanwhile.</summary>
    public void LendWhileWaiting()
    {
        lock (_lock)
        {
            LendLocked(wasIdle: false);
            _isWaiting = true;
        }
    }

    /// <summary>Tries again.</summary>
    public void EndWait()
    {
        lock (_lock)
        {
            _isWaiting = false;
            ReturnLocked();
        }
    }

    /// <summary>What the service made of the request.</summary>
    /// <param name="verdict">For the breaker.</param>
    /// <param name="isMeasured">It did its usual work: how long that took says how much it can do.</param>
    public void Note(FlightVerdict verdict, bool isMeasured)
    {
        _verdict = verdict;
        _isMeasured = isMeasured;
    }

    /// <summary>Given up from our side, by its deadline or by its client: the service may still work on it.</summary>
    public void GiveUp() => _isGivenUp = true;

    /// <summary>The edge begins to answer, or the request is over: the place is free. Further calls do nothing.</summary>
    public void Leave()
    {
        if (_admission is null)
            return;
        RouteAdmission admission;
        BreakerChange? change;
        lock (_lock)
        {
            if (_admission is null)
                return;
            admission = _admission;
            _admission = null;
            var now = admission.Now;
            change = TellBreaker(admission.Breaker, now);
            if (admission.Keeper is { } keeper)
                LeaveLocked(keeper, now);
        }
        admission.Tell(change);
    }

    AdmissionAnswer IValueTaskSource<AdmissionAnswer>.GetResult(short token) => _decision.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<AdmissionAnswer>.GetStatus(short token) => _decision.GetStatus(token);

    void IValueTaskSource<AdmissionAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _decision.OnCompleted(continuation, state, token, flags);

    private void LeaveLocked(Gatekeeper keeper, double now)
    {
        if (_isGivenUp && !double.IsNaN(_workBegan) && !IsLent)
        {
            keeper.Gate.Abandon(this, now);
            keeper.Wake();
            return;
        }
        var isMeasured = _isMeasured && !_isUploading;
        keeper.Gate.Leave(this, isMeasured ? WorkOutcome.Success : WorkOutcome.Ignored, isMeasured ? now - _workBegan : double.NaN, now);
    }

    private BreakerChange? TellBreaker(CircuitBreaker breaker, double now)
    {
        switch (_verdict)
        {
            case FlightVerdict.Success:
                return breaker.Succeed(_pass, now);
            case FlightVerdict.Failure:
                return breaker.Fail(_pass, now);
            default:
                breaker.GiveBack(_pass, now);
                return null;
        }
    }

    private void LendLocked(bool wasIdle)
    {
        if (!IsLent)
            _admission?.Keeper?.Gate.Suspend(this, wasIdle, _admission.Now);
    }

    private void ReturnLocked()
    {
        if (!IsLent)
            _admission?.Keeper?.Gate.Resume(this, _admission.Now);
    }

    /// <summary>The client of a waiting request has gone.</summary>
    private sealed class Leaving(Place place, Gatekeeper keeper)
    {
        public void Leave()
        {
            if (keeper.Gate.TryLeaveQueue(place, keeper.Now))
                place._decision.SetResult(AdmissionAnswer.TooLate);
        }
    }
}
