using System.Threading.Tasks.Sources;
using Mainstay.Resilience.Queues;
using GateAnswer = Mainstay.Resilience.Queues.Admission;

namespace Mainstay.Edge.Admission;

/// <summary>
/// One request's place at a gate: from its admission until the edge begins to answer. Belongs to an exchange and serves its requests one
/// after the other. While the request is not at work upstream (it waits for a replica, or its client is still sending) the place is lent out.
/// </summary>
internal sealed class Place : Ticket, IValueTaskSource<GateAnswer>
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<GateAnswer> _decision = new() { RunContinuationsAsynchronously = true };
    private Gatekeeper? _keeper;
    private WorkOutcome _outcome;
    private double _workBegan;
    private bool _isGivenUp;
    private bool _isUploading;
    private bool _isWaiting;

    /// <summary>Asks for a place. <see cref="GateAnswer.Queued"/>: <see cref="DecisionAsync"/> tells how it went on.</summary>
    public GateAnswer Ask(RouteAdmission admission, double deadline, double now)
    {
        _decision.Reset();
        _outcome = WorkOutcome.Ignored;
        _workBegan = double.NaN;
        _isGivenUp = _isUploading = _isWaiting = false;
        var answer = admission.Keeper.Gate.Enter(this, admission.Share, admission.Priority, deadline, now);
        if (answer == GateAnswer.Admitted)
            _keeper = admission.Keeper;
        return answer;
    }

    /// <summary>How the wait ended; once after each <see cref="GateAnswer.Queued"/>.</summary>
    public async ValueTask<GateAnswer> DecisionAsync(RouteAdmission admission, CancellationToken clientGone)
    {
        admission.Keeper.Wake();
        GateAnswer answer;
        var watch = new Leaving(this, admission.Keeper);
        await using (clientGone.UnsafeRegister(static leaving => ((Leaving)leaving!).Leave(), watch))
            answer = await new ValueTask<GateAnswer>(this, _decision.Version);
        if (answer == GateAnswer.Admitted)
            _keeper = admission.Keeper;
        return answer;
    }

    public override void Decided(GateAnswer admission) => _decision.SetResult(admission);

    /// <summary>An attempt was sent: what is measured begins.</summary>
    public void BeginWork(double now) => _workBegan = now;

    /// <summary>The client's whole body has arrived: only from here on is it the service's time.</summary>
    public void EndUpload(double now)
    {
        if (!double.IsNaN(_workBegan))
            _workBegan = now;
        lock (_lock)
        {
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
            if (_keeper is null || _isUploading)
                return;
            LendLocked();
            _isUploading = true;
        }
    }

    /// <summary>No replica serves: others may use the place meanwhile.</summary>
    public void LendWhileWaiting()
    {
        lock (_lock)
        {
            if (_keeper is null || _isWaiting)
                return;
            LendLocked();
            _isWaiting = true;
        }
    }

    /// <summary>Tries again.</summary>
    public void EndWait()
    {
        lock (_lock)
        {
            if (!_isWaiting)
                return;
            _isWaiting = false;
            ReturnLocked();
        }
    }

    /// <summary>The service answered, well or badly.</summary>
    public void Note(WorkOutcome outcome) => _outcome = outcome;

    /// <summary>Given up from our side, by its deadline or by its client: the service may still work on it.</summary>
    public void GiveUp() => _isGivenUp = true;

    /// <summary>The edge begins to answer, or the request is over: the place is free. Further calls do nothing.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_keeper is not { } keeper)
                return;
            _keeper = null;
            var now = keeper.Now;
            if (_isGivenUp && !double.IsNaN(_workBegan) && !_isWaiting)
            {
                keeper.Gate.Abandon(this, now);
                keeper.Wake();
                return;
            }
            keeper.Gate.Leave(this, _outcome, _isUploading || _outcome == WorkOutcome.Ignored ? double.NaN : now - _workBegan, now);
        }
    }

    GateAnswer IValueTaskSource<GateAnswer>.GetResult(short token) => _decision.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<GateAnswer>.GetStatus(short token) => _decision.GetStatus(token);

    void IValueTaskSource<GateAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _decision.OnCompleted(continuation, state, token, flags);

    private void LendLocked()
    {
        if (!_isUploading && !_isWaiting)
            _keeper?.Gate.Suspend(this, _keeper.Now);
    }

    private void ReturnLocked()
    {
        if (!_isUploading && !_isWaiting)
            _keeper?.Gate.Resume(this, _keeper.Now);
    }

    /// <summary>The client of a waiting request has gone.</summary>
    private sealed class Leaving(Place place, Gatekeeper keeper)
    {
        public void Leave()
        {
            if (keeper.Gate.TryLeaveQueue(place, keeper.Now))
                place._decision.SetResult(GateAnswer.TooLate);
        }
    }
}
