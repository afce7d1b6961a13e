using Mainstay.Resilience.Limits;

namespace Mainstay.Resilience.Queues;

/// <summary>
/// Lets as many requests at a service as it can work on, and keeps the others waiting: the more important first, then the route that has
/// least at work, then the oldest. When they wait without a break although the service is known to be at its limit, it is overloaded: then
/// only few wait, for a short time, the newest first, and the rest is refused at once. Nobody is refused before, so that a service that is
/// only slow, or a burst, costs nobody an answer. Thread-safe; allocates nothing for a request.
/// </summary>
public sealed class AdmissionGate
{
    /// <summary>Weight of a new latency in what is usual.</summary>
    private const double Smoothing = 0.05;

    private readonly Lock _lock = new();
    private readonly GatePolicy _policy;
    private readonly AdaptiveLimit? _adaptive;
    private readonly int _fixed;
    private readonly DrainRate _drain = new();
    private readonly GhostWork _ghosts;
    private readonly Standing _standing;
    private readonly AdmissionQueue _queue = new();
    private int _inFlight;
    private long _shed;
    private double _lastShed;
    private double _usual;
    private volatile bool _isOverloaded;

    private AdmissionGate(AdaptiveLimit? adaptive, int limit, GatePolicy? policy)
    {
        _adaptive = adaptive;
        _fixed = limit;
        _policy = policy ?? new();
        _ghosts = new(_policy.Ghosts);
        _standing = new(_policy);
    }

    /// <summary>With a limit that finds itself.</summary>
    public static AdmissionGate Adaptive(LimitPolicy? limit = null, GatePolicy? policy = null) => new(new AdaptiveLimit(limit), 0, policy);

    /// <summary>With a limit that somebody knows.</summary>
    /// <param name="limit">1 or more.</param>
    /// <param name="policy">The other constants.</param>
    public static AdmissionGate Fixed(int limit, GatePolicy? policy = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return new(null, limit, policy);
    }

    /// <summary>It refuses what it could only answer late.</summary>
    public bool IsOverloaded => _isOverloaded;

    private int Limit => _adaptive?.Current ?? _fixed;

    private bool IsSaturated => _adaptive?.IsSaturated ?? true;

    /// <summary>A route whose requests have to pass here.</summary>
    /// <param name="name">How status names it.</param>
    /// <param name="observe">Nothing of it is refused; what would have been is counted.</param>
    public RouteShare AddRoute(string name, bool observe = false)
    {
        var route = new RouteShare(name, observe);
        lock (_lock)
            _queue.Add(route);
        return route;
    }

    /// <summary>No further requests of the route come; those that wait or are at work end as they would have.</summary>
    public void Remove(RouteShare route)
    {
        ArgumentNullException.ThrowIfNull(route);
        lock (_lock)
        {
            route.IsLeaving = true;
            _queue.Forget();
        }
    }

    /// <summary>A request asks to be let in.</summary>
    /// <param name="ticket">The caller's; not in any gate now.</param>
    /// <param name="route">Its route, added here before.</param>
    /// <param name="priority">Its class.</param>
    /// <param name="deadline">Monotonic seconds after which its answer is of no use.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public AdmissionAnswer Enter(Ticket ticket, RouteShare route, Priority priority, double deadline, double now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(route);
        Ticket? decided = null;
        AdmissionAnswer answer;
        lock (_lock)
        {
            PassLocked(now, ref decided);
            ticket.Route = route;
            ticket.Priority = priority;
            ticket.Came = now;
            ticket.Latest = deadline - route.Quickest;
            if (now < deadline && (_inFlight < Limit || (route.Queued == 0 && !_queue.WaitsBefore(priority) && IsBelowShareLocked(route))))
            {
                AdmitLocked(ticket, now);
                answer = AdmissionAnswer.Admitted;
            }
            else
            {
                if (_queue.Count == 0)
                    _standing.Begin(now);
                ticket.Where = Ticket.Stage.Waiting;
                _queue.Add(ticket);
                if (_queue.Count > _policy.Places)
                    DecideLocked(_queue.Victim()!, AdmissionAnswer.Full, now, ref decided);
                DropLateLocked(now, ref decided);
                ShedLocked(now, ref decided);
                answer = ticket.Where == Ticket.Stage.Waiting ? AdmissionAnswer.Queued : DecidedTickets.Unlist(ref decided, ticket);
            }
        }
        DecidedTickets.Tell(decided);
        return answer;
    }

    /// <summary>The client of a waiting request has gone. True: it is out, and <see cref="Ticket.Decided"/> will not come.</summary>
    public bool TryLeaveQueue(Ticket ticket, double now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        lock (_lock)
        {
            if (ticket.Where != Ticket.Stage.Waiting)
                return false;
            _queue.Remove(ticket);
            ticket.Where = Ticket.Stage.Outside;
            _standing.Leave(now);
            return true;
        }
    }

    /// <summary>An admitted request is not at work for now: others may use its place. If it <paramref name="wasIdle"/>, it has not been since it was admitted.</summary>
    public void Suspend(Ticket ticket, bool wasIdle, double now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        Ticket? decided = null;
        lock (_lock)
        {
            if (ticket.Where != Ticket.Stage.AtWork)
                return;
            PassLocked(now, ref decided);
            ticket.Where = Ticket.Stage.Lent;
            FreeLocked(ticket.Route!);
            if (wasIdle)
                _adaptive?.Lend(now - ticket.Took);
            LetInLocked(now, ref decided);
        }
        DecidedTickets.Tell(decided);
    }

    /// <summary>A suspended request goes on, beyond the limit if need be.</summary>
    public void Resume(Ticket ticket, double now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        Ticket? decided = null;
        lock (_lock)
        {
            if (ticket.Where != Ticket.Stage.Lent)
                return;
            PassLocked(now, ref decided);
            ticket.Where = Ticket.Stage.AtWork;
            ticket.Took = now;
            ticket.Route!.InFlight++;
            _inFlight++;
        }
        DecidedTickets.Tell(decided);
    }

    /// <summary>An admitted request is done.</summary>
    /// <param name="ticket">Admitted here.</param>
    /// <param name="outcome">What it says.</param>
    /// <param name="latency">Seconds that the service worked on it; NaN if that is not known.</param>
    /// <param name="now">Monotonic time, in seconds.</param>
    public void Leave(Ticket ticket, WorkOutcome outcome, double latency, double now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        Ticket? decided = null;
        lock (_lock)
        {
            if (ticket.Where is Ticket.Stage.Waiting or Ticket.Stage.Outside)
                return;
            PassLocked(now, ref decided);
            var route = ticket.Route!;
            var isBeyond = ticket.Where == Ticket.Stage.Beyond;
            if (ticket.Where == Ticket.Stage.AtWork)
                FreeLocked(route);
            ticket.Where = Ticket.Stage.Outside;
            _drain.Count(now);
            if (!isBeyond && outcome == WorkOutcome.Success && !double.IsNaN(latency))
            {
                route.Complete(latency, _queue.Count == 0 && 2 * _inFlight < Limit ? _usual : 0); // under congestion all are slow
                _usual = _usual == 0 ? latency : _usual + (Smoothing * (latency - _usual));
                _adaptive?.Complete(_queue.ActiveBeside(route) == 0 ? 1 : route.Weight, latency);
            }
            else
            {
                _adaptive?.Ignore();
            }
            LetInLocked(now, ref decided);
        }
        DecidedTickets.Tell(decided);
    }

    /// <summary>Nobody waits for an admitted request any more; the service may still be at it, for about as long as it usually is.</summary>
    public void Abandon(Ticket ticket, double now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        Ticket? decided = null;
        lock (_lock)
        {
            if (ticket.Where is Ticket.Stage.Waiting or Ticket.Stage.Outside)
                return;
            PassLocked(now, ref decided);
            var route = ticket.Route!;
            var age = now - ticket.Admitted;
            if (age > route.Usual)
                route.Learn(age);
            _usual = Math.Max(_usual, _usual + (Smoothing * (age - _usual)));
            if (route.HasCompleted)
                _adaptive?.GiveUp();
            var until = now + Math.Min(GhostWork.Rest(age, _inFlight, _drain.PerSecond(now)), _policy.LongestGhost);
            if (ticket.Where == Ticket.Stage.AtWork && !(until > now && _ghosts.TryAdd(until, route)))
                FreeLocked(route);
            ticket.Where = Ticket.Stage.Outside;
            LetInLocked(now, ref decided);
        }
        DecidedTickets.Tell(decided);
    }

    /// <summary>Refuses what waits in vain, and counts what lingers no more. Answers when to call again: infinity when nothing waits or lingers.</summary>
    public double Tick(double now)
    {
        Ticket? decided = null;
        double next;
        lock (_lock)
        {
            PassLocked(now, ref decided);
            while (_ghosts.TryEnd(now) is { } route)
                FreeLocked(route);
            DropLateLocked(now, ref decided);
            LetInLocked(now, ref decided);
            ShedLocked(now, ref decided);
            if (_isOverloaded && now - _lastShed > _policy.Calm)
                _isOverloaded = false;
            _queue.Forget();
            next = _queue.Count > 0 || _ghosts.Count > 0 || _isOverloaded ? now : double.PositiveInfinity;
        }
        DecidedTickets.Tell(decided);
        return next;
    }

    /// <summary>Seconds after which a refused request has a chance: what waits now will have been worked off.</summary>
    public double RetryAfter(double now)
    {
        lock (_lock)
            return _drain.SecondsFor(_queue.Count + 1, now);
    }

    /// <summary>What it knows now.</summary>
    public GateState State(double now)
    {
        lock (_lock)
            return new(_adaptive?.AtRest ?? _fixed, _inFlight, _queue.Count, _isOverloaded, _shed, _drain.PerSecond(now), _adaptive?.LastChange);
    }

    /// <summary>Time has passed: the limit may be another one now.</summary>
    private void PassLocked(double now, ref Ticket? decided)
    {
        if (_adaptive is null)
            return;
        _adaptive.Pass(_inFlight, _queue.Count > 0, _queue.SlowestWaiting(), now);
        LetInLocked(now, ref decided);
    }

    private void AdmitLocked(Ticket ticket, double now)
    {
        ticket.Where = Ticket.Stage.AtWork;
        ticket.Admitted = ticket.Took = now;
        ticket.Route!.InFlight++;
        ticket.Route.Admitted++;
        _inFlight++;
    }

    private void FreeLocked(RouteShare route)
    {
        route.InFlight--;
        _inFlight--;
    }

    /// <summary>
    /// A bulkhead: a route that has less at work than its part of the limit is let in although others have taken all of it, so that one
    /// whose requests hang does not stop the others.
    /// </summary>
    private bool IsBelowShareLocked(RouteShare route)
    {
        var active = _queue.ActiveBeside(route);
        // During a trial the part is the trial's: it would show nothing otherwise.
        return active > 0 && route.InFlight < Math.Max(1, Limit / (active + 1));
    }

    private bool IsNewestFirstLocked(double now) => _isOverloaded || _standing.IsNewestFirst(IsSaturated, now);

    private void LetInLocked(double now, ref Ticket? decided)
    {
        while (_queue.Count > 0 && _inFlight < Limit)
            LetInLocked(_queue.Next(IsNewestFirstLocked(now))!, now, ref decided);
        if (_queue.Count == 0)
        {
            _standing.End();
            return;
        }
        foreach (var route in _queue.Routes)
        {
            while (route.Queued > 0 && IsBelowShareLocked(route))
                LetInLocked(AdmissionQueue.Next(route, IsNewestFirstLocked(now))!, now, ref decided);
        }
    }

    private void LetInLocked(Ticket ticket, double now, ref Ticket? decided)
    {
        if (!IsNewestFirstLocked(now))
            _standing.LetIn(ticket.Came, now);
        DecideLocked(ticket, now >= ticket.Latest ? AdmissionAnswer.TooLate : AdmissionAnswer.Admitted, now, ref decided);
    }

    /// <summary>Who cannot be answered in time any more only takes the place of others.</summary>
    private void DropLateLocked(double now, ref Ticket? decided)
    {
        if (now < _queue.FirstLate)
            return;
        _queue.FirstLate = double.PositiveInfinity;
        foreach (var route in _queue.Routes)
        {
            for (var priority = Priority.Critical; priority <= Priority.Sheddable; priority++)
            {
                for (var ticket = route.Oldest(priority); ticket is not null;)
                {
                    var next = ticket.After;
                    if (ticket.Latest <= now)
                        DecideLocked(ticket, AdmissionAnswer.TooLate, now, ref decided);
                    else
                        _queue.FirstLate = Math.Min(_queue.FirstLate, ticket.Latest);
                    ticket = next;
                }
            }
        }
    }

    private void ShedLocked(double now, ref Ticket? decided)
    {
        if (_queue.Count == 0)
            return;
        if (!_isOverloaded)
        {
            if (!_standing.IsTooLong(now) || !(IsSaturated || _standing.AreLeaving(now)))
                return;
            _isOverloaded = true;
            _lastShed = now;
        }
        var places = Math.Max(_policy.FewestPlaces, Limit / 2);
        while (_queue.Count > places && _queue.Victim() is { } victim && (victim.Priority != Priority.Critical || _queue.Count > places + _policy.CriticalPlaces))
            DecideLocked(victim, AdmissionAnswer.Shed, now, ref decided);
        var longest = Math.Clamp(_usual / 2, _policy.ShortestWait, _policy.LongestWait);
        while (_queue.WaitedSince(now - longest) is { } old)
            DecideLocked(old, AdmissionAnswer.Shed, now, ref decided);
    }

    private void DecideLocked(Ticket ticket, AdmissionAnswer answer, double now, ref Ticket? decided)
    {
        _queue.Remove(ticket);
        var route = ticket.Route!;
        if (answer == AdmissionAnswer.Admitted)
        {
            AdmitLocked(ticket, now);
        }
        else if (route.IsObserved)
        {
            answer = AdmissionAnswer.Admitted;
            ticket.Where = Ticket.Stage.Beyond;
            ticket.Admitted = now;
            route.WouldShed++;
            _lastShed = now;
        }
        else
        {
            ticket.Where = Ticket.Stage.Outside;
            route.Shed++;
            _shed++;
            _lastShed = now;
        }
        ticket.Answer = answer;
        ticket.NextDecided = decided;
        decided = ticket;
    }
}
