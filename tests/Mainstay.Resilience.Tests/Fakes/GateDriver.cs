using Mainstay.Resilience.Limits;
using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>Does to a gate what it is told, keeps books of its own, and notes whatever does not agree with them.</summary>
internal sealed class GateDriver
{
    private readonly AdmissionGate _gate;
    private readonly GatePolicy _policy;
    private readonly GateShape _shape;
    private readonly RouteShare[] _routes;
    private readonly List<Request> _waiting = [];
    private readonly List<Request> _atWork = [];
    private readonly List<Request> _lent = [];
    private readonly List<Request> _refusedNow = [];
    private int _lingering;
    private int _resumedLingering;
    private double _now = 1000;

    public GateDriver(GateShape shape)
    {
        _shape = shape;
        _policy = new GatePolicy(Patience: 0.05, FifoPatience: 0.02, Calm: 0.3, Places: shape.PlaceCount, Ghosts: 3, LongestGhost: 0.5, FewestPlaces: 2, CriticalPlaces: 4);
        _gate = shape.IsAdaptive
            ? AdmissionGate.Adaptive(new LimitPolicy(Initial: shape.Most, Highest: 4 * shape.Most), _policy)
            : AdmissionGate.Fixed(shape.Most, _policy);
        _routes = [.. Enumerable.Range(0, shape.RouteCount).Select(route => _gate.AddRoute($"/{route}", shape.Observes && route == 0))];
    }

    /// <summary>What was wrong.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>How often each answer was given.</summary>
    public Dictionary<AdmissionAnswer, int> Answers { get; } = [];

    public void Do(GateStep step)
    {
        _now += step.Seconds;
        _refusedNow.Clear();
        switch (step.Move)
        {
            case GateMove.Enter:
                Enter(step);
                break;
            case GateMove.Leave when One(_atWork, step.Who) is { } done:
                Leave(done, WorkOutcome.Success, _now - done.Since);
                break;
            case GateMove.Fail when One(_lent.Count > 0 ? _lent : _atWork, step.Who) is { } failed:
                Leave(failed, WorkOutcome.Ignored, double.NaN);
                break;
            case GateMove.LeaveQueue when One(_waiting, step.Who) is { } gone:
                LeaveQueue(gone);
                break;
            case GateMove.Abandon when One(step.Who % 4 == 0 ? _lent : _atWork, step.Who) is { } left:
                Abandon(left);
                break;
            case GateMove.Suspend when One(_atWork, step.Who) is { } lender:
                _atWork.Remove(lender);
                _lent.Add(lender);
                _gate.Suspend(lender, wasIdle: step.Who % 2 == 0, _now);
                break;
            case GateMove.Resume when One(_lent, step.Who) is { } back:
                _lent.Remove(back);
                _atWork.Add(back);
                back.WasResumed = true;
                _gate.Resume(back, _now);
                break;
            case GateMove.Tick:
                _gate.Tick(_now);
                break;
        }
        Check();
    }

    /// <summary>Everybody ends, and the gate must be as it was.</summary>
    public void End()
    {
        for (var round = 0; round < 10_000 && _waiting.Count + _atWork.Count + _lent.Count > 0; round++)
        {
            foreach (var request in _atWork.Concat(_lent).ToArray())
                Leave(request, WorkOutcome.Success, _now - request.Since);
            _now += 0.01;
            _refusedNow.Clear();
            _gate.Tick(_now);
            Check();
        }
        _now += _policy.LongestGhost + _policy.Calm + 0.01;
        _gate.Tick(_now);
        var next = _gate.Tick(_now);
        var state = _gate.State(_now);
        Must(_waiting.Count == 0, "somebody was never decided");
        Must(state is { InFlight: 0, Queued: 0, IsOverloaded: false }, $"not back at rest: {state}");
        Must(_routes.All(route => route is { InFlight: 0, Queued: 0 }), "a route is not back at rest");
        Must(double.IsPositiveInfinity(next), "it still asks for ticks");
    }

    private void Enter(GateStep step)
    {
        var request = new Request(this) { Share = _routes[step.Route % _routes.Length], Rank = step.Priority, By = _now + step.UntilDeadline };
        request.Quickest = request.Share.Quickest;
        var answer = _gate.Enter(request, request.Share, request.Rank, request.By, _now);
        if (answer == AdmissionAnswer.Queued)
            _waiting.Add(request);
        else
            Note(request, answer);
        request.IsAsked = true;
    }

    private void Leave(Request request, WorkOutcome outcome, double latency)
    {
        _atWork.Remove(request);
        _lent.Remove(request);
        _gate.Leave(request, outcome, latency, _now);
    }

    private void LeaveQueue(Request request)
    {
        Must(_gate.TryLeaveQueue(request, _now), "a waiting request could not leave");
        Must(!_gate.TryLeaveQueue(request, _now), "a request left twice");
        _waiting.Remove(request);
        request.Answered++;
    }

    private void Abandon(Request request)
    {
        if (_atWork.Remove(request))
        {
            _lingering++;
            _resumedLingering += request.WasResumed ? 1 : 0;
        }
        _lent.Remove(request);
        _gate.Abandon(request, _now);
    }

    private void Note(Request request, AdmissionAnswer answer)
    {
        Answers[answer] = Answers.GetValueOrDefault(answer) + 1;
        Must(++request.Answered == 1, "a request was answered twice");
        var isObserved = _shape.Observes && request.Share == _routes[0];
        switch (answer)
        {
            case AdmissionAnswer.Admitted:
                request.Since = _now;
                request.IsBeyond = isObserved;
                _atWork.Add(request);
                Must(isObserved || !request.IsAsked || _now < request.By, "let in after its deadline");
                break;
            case AdmissionAnswer.TooLate:
                Must(_now >= request.By - request.Quickest - 1e-9, "too late before its deadline, less what the quickest took");
                break;
            case AdmissionAnswer.Shed or AdmissionAnswer.Full:
                _refusedNow.Add(request);
                break;
            case AdmissionAnswer.Queued:
                Must(false, "decided to wait");
                break;
        }
        Must(!isObserved || answer == AdmissionAnswer.Admitted, $"an observed route was told {answer}");
    }

    private void Check()
    {
        var state = _gate.State(_now);
        // Whether a request of an observed route is counted is the gate's to know.
        var counted = _atWork.Count(request => !request.IsBeyond);
        Must(state.InFlight >= counted, $"{state.InFlight} at work, {counted} are");
        Must(state.InFlight <= _atWork.Count + _lingering, $"{state.InFlight} at work, {_atWork.Count} are, and {_lingering} may linger");
        Must(state.InFlight == _routes.Sum(route => route.InFlight), "the routes' parts are not the whole");
        Must(state.Queued == _waiting.Count, $"{state.Queued} wait, {_waiting.Count} do");
        Must(state.Queued <= _policy.Places, $"{state.Queued} wait, at most {_policy.Places} may");
        Must(state.Limit >= 1, $"a limit of {state.Limit}");
        if (!_shape.IsAdaptive)
            Must(state.InFlight <= Bound() + _resumedLingering + _atWork.Count(request => request.WasResumed), $"{state.InFlight} at work with a limit of {_shape.Most}");
        if (_refusedNow.Find(request => request.Rank == Priority.Critical) is not null)
            Must(_waiting.TrueForAll(request => request.Rank == Priority.Critical), "somebody critical was refused while others wait on");
    }

    /// <summary>
    /// The limit, and what bulkheads may add: the second route up to half of the limit, the third up to a third, and so on, each at least one.
    /// Those who resume come on top.
    /// </summary>
    private int Bound() => _shape.Most + Enumerable.Range(2, _shape.RouteCount - 1).Sum(routes => Math.Max(1, _shape.Most / routes));

    private void Must(bool holds, string otherwise)
    {
        if (!holds)
            Violations.Add($"{_now:0.000}: {otherwise}");
    }

    private static Request? One(List<Request> of, byte who) => of.Count == 0 ? null : of[who % of.Count];

    private sealed class Request(GateDriver driver) : Ticket
    {
        public required RouteShare Share { get; init; }

        public required Priority Rank { get; init; }

        public required double By { get; init; }

        /// <summary>What the quickest of its route had taken when it came.</summary>
        public double Quickest { get; set; }

        public double Since { get; set; }

        /// <summary><see cref="AdmissionGate.Enter"/> has returned.</summary>
        public bool IsAsked { get; set; }

        public bool IsBeyond { get; set; }

        public bool WasResumed { get; set; }

        public int Answered { get; set; }

        public override void Decided(AdmissionAnswer answer)
        {
            driver.Must(driver._waiting.Remove(this), "decided although it did not wait");
            driver.Note(this, answer);
        }
    }
}
