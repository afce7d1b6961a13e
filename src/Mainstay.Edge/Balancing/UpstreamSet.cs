using Mainstay.Edge.Admission;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Budgets;
using Mainstay.Resilience.Chance;

namespace Mainstay.Edge.Balancing;

/// <summary>
/// The upstreams of one service: picks one for each attempt, by power of two choices on peak EWMA. Picking reads an immutable snapshot;
/// changes swap it.
/// </summary>
internal sealed class UpstreamSet
{
    private readonly TimeProvider _time;
    private readonly Dice _dice;
    private readonly EdgeEvents _events;
    private readonly Lock _gate = new();
    private volatile Upstream[] _serving = [];
    private long _requests;
    private long _attempts;
    private long _retries;
    private long _failures;

    public UpstreamSet(string service, TimeProvider time, Dice dice, EdgeEvents events)
    {
        Service = service;
        _time = time;
        _dice = dice;
        _events = events;
        Room = new WaitingRoom(_time, () => _serving.Length);
    }

    public string Service { get; }

    /// <summary>Where requests wait while nothing serves.</summary>
    public WaitingRoom Room { get; }

    /// <summary>How many retries the service can bear.</summary>
    public RetryBudget Budget { get; } = new();

    /// <summary>Those that may get new requests.</summary>
    public ReadOnlySpan<Upstream> Serving => _serving;

    public UpstreamTotals Totals => new(
        Interlocked.Read(ref _requests), Interlocked.Read(ref _attempts), Interlocked.Read(ref _retries), Interlocked.Read(ref _failures), Room.Count);

    public void CountRequest(double now)
    {
        Interlocked.Increment(ref _requests);
        Budget.Earn(now);
    }

    public void CountRetry() => Interlocked.Increment(ref _retries);

    public void CountFailure() => Interlocked.Increment(ref _failures);

    /// <summary>Wakes whoever watches for silence; set once by the owner.</summary>
    public Action? Watch { get; set; }

    /// <summary>
    /// Picks an upstream and puts the flight on it; null if nothing serves. Those <paramref name="tried"/> before are avoided if there are others.
    /// </summary>
    /// <param name="flight">What goes there.</param>
    /// <param name="tried">Where the request has been.</param>
    /// <param name="movable">It could be made elsewhere again, so it is the first to try whether an ejected upstream has recovered.</param>
    public Upstream? TryBegin(Flight flight, List<Upstream> tried, bool movable) => TryBegin(flight, tried, movable, onlyElsewhere: false);

    /// <summary>Picks one that serves, is sound and not among those <paramref name="tried"/>; null if there is none.</summary>
    public Upstream? TryBeginElsewhere(Flight flight, List<Upstream> tried) => TryBegin(flight, tried, movable: false, onlyElsewhere: true);

    /// <summary>Whether there is one that serves, is sound and is neither <paramref name="upstream"/> nor among those <paramref name="tried"/>.</summary>
    public bool HasOther(Upstream upstream, List<Upstream> tried)
    {
        foreach (var other in _serving)
        {
            if (other != upstream && other.IsSound && !tried.Contains(other))
                return true;
        }
        return false;
    }

    private Upstream? TryBegin(Flight flight, List<Upstream> tried, bool movable, bool onlyElsewhere)
    {
        while (true)
        {
            var now = _time.Seconds();
            var serving = _serving;
            if (serving.Length == 0)
                return null;
            var upstream = Pick(serving, tried, movable, now, out var visit);
            if (onlyElsewhere && (!upstream.IsSound || tried.Contains(upstream)))
                return null;
            if (upstream.Breaker?.TryEnter(flight, now) == false)
                return null;
            if (visit == Visit.Ordinary && flight.Pass is { Entry: BreakerEntry.Trial })
                visit = Visit.Probe;
            if (upstream.TryBegin(flight, now, visit))
            {
                Interlocked.Increment(ref _attempts);
                if (serving.Length > 1 || flight.IsUploading)
                    Watch?.Invoke();
                return upstream;
            }
            upstream.Breaker?.GiveBack(flight, now);
            if (ReferenceEquals(serving, _serving) && visit != Visit.Trial)
                Replace(serving, upstream); // closed between two steps of its owner
        }
    }

    /// <summary>Seconds until one of them may be tried, if nobody may go anywhere now; else null.</summary>
    public double? BarredFor(double now)
    {
        var shortest = double.PositiveInfinity;
        foreach (var upstream in _serving)
            shortest = Math.Min(shortest, upstream.Breaker?.ClosedFor(now) ?? 0);
        return shortest > 0 && !double.IsPositiveInfinity(shortest) ? shortest : null;
    }

    public void Note(Flight flight, in FlightOutcome outcome)
    {
        if (flight.Upstream is not { } upstream)
            return;
        var now = _time.Seconds();
        var wasEjected = upstream.IsEjected;
        upstream.Breaker?.Tell(flight, outcome, now);
        var cause = upstream.Note(flight, outcome, now, wasEjected ? _dice.Unit() : 0);
        After(upstream, wasEjected, cause, outcome, now);
    }

    public void End(Flight flight, in FlightOutcome outcome)
    {
        if (flight.Upstream is not { } upstream)
            return;
        var now = _time.Seconds();
        var wasEjected = upstream.IsEjected;
        upstream.Breaker?.Tell(flight, outcome, now);
        var cause = upstream.End(flight, outcome, now, wasEjected ? _dice.Unit() : 0);
        After(upstream, wasEjected, cause, outcome, now);
    }

    private void After(Upstream upstream, bool wasEjected, EjectionCause cause, in FlightOutcome outcome, double now)
    {
        if (outcome.Verdict == FlightVerdict.Failure)
            CountFailure();
        if (cause != EjectionCause.None && !HasPeers(upstream))
            Relieve(upstream, now);
        if (cause != EjectionCause.None && !(outcome.Answered && PeersAreNoBetter(upstream, now)))
            TryEject(upstream, cause, now);
        else if (wasEjected && !upstream.IsEjected)
            _events.Note(upstream.Name, "gets traffic again: its trial succeeded");
    }

    /// <summary>Takes the upstream out, unless it is the last one.</summary>
    public bool TryEject(Upstream upstream, EjectionCause cause, double now)
    {
        lock (_gate)
        {
            if (!HasPeers(upstream) || !upstream.Eject(cause, now, _dice.Unit()))
                return false;
        }
        _events.Warn(upstream.Name, $"gets no traffic for a while: {BalancingLog.Clause(cause)}");
        return true;
    }

    /// <summary>The last one that is not ejected does not do well: who was only slow is in again, who failed is tried soon.</summary>
    public void Relieve(Upstream last, double now)
    {
        foreach (var peer in _serving)
        {
            if (peer != last && peer.IsEjected && peer.Relieve(now))
                _events.Note(peer.Name, $"gets traffic again: {last.Name} does worse or is gone");
        }
    }

    /// <summary>Whether there is another one that is not ejected.</summary>
    public bool HasPeers(Upstream upstream)
    {
        foreach (var peer in _serving)
        {
            if (peer != upstream && !peer.IsEjected)
                return true;
        }
        return false;
    }

    /// <summary>The upstream may get requests; before the waiting are woken.</summary>
    public void Add(Upstream upstream)
    {
        lock (_gate)
        {
            if (!Array.Exists(_serving, other => other == upstream))
                _serving = [.. _serving, upstream];
        }
        Room.Release();
    }

    public void Take(Upstream upstream)
    {
        lock (_gate)
            _serving = Array.FindAll(_serving, other => other != upstream);
        if (!HasPeers(upstream))
            Relieve(upstream, _time.Seconds());
    }

    private void Replace(Upstream[] seen, Upstream closed)
    {
        lock (_gate)
        {
            if (ReferenceEquals(seen, _serving))
                _serving = Array.FindAll(seen, other => other != closed);
        }
    }

    /// <summary>An answered failure that the peers give as well is the application's: to eject for it would only cost capacity.</summary>
    private bool PeersAreNoBetter(Upstream upstream, double now)
    {
        foreach (var peer in _serving)
        {
            if (peer != upstream && !peer.IsEjected && peer.Success(now).Share >= upstream.Ejection.LeastSuccess)
                return false;
        }
        return true;
    }

    private Upstream Pick(Upstream[] serving, List<Upstream> tried, bool movable, double now, out Visit visit)
    {
        visit = Visit.Ordinary;
        if (serving.Length == 1)
            return serving[0];
        Upstream? neglected = null;
        int available = 0, fresh = 0, untried = 0;
        foreach (var upstream in serving)
        {
            if (upstream.IsBarred(now))
                continue;
            var isNew = tried.Count == 0 || !tried.Contains(upstream);
            if (isNew)
                untried++;
            if (!upstream.IsEjected)
            {
                available++;
                if (isNew)
                    fresh++;
                if (movable && tried.Count == 0 && upstream.NeedsProbe && upstream.TryBeginProbe())
                {
                    visit = Visit.Probe;
                    return upstream;
                }
                // One that stands still would be found out by whoever comes next there, however late that is.
                if (movable && tried.Count == 0 && upstream.IsNeglected(now) && !(neglected?.Sent <= upstream.Sent))
                    neglected = upstream;
            }
            else if (isNew && tried.Count == 0 && upstream.IsTrialDue(now, movable))
            {
                visit = Visit.Trial;
                return upstream;
            }
        }
        if (neglected?.TryClaimLook(now) == true)
            return neglected;
        var all = available == 0 || EjectionPolicy.UsesAll(available, serving.Length);
        var eligible = new Eligible(
            Ejected: all || (fresh == 0 && untried > 0),
            Tried: untried == 0,
            now);
        var count = 0;
        foreach (var upstream in serving)
            count += eligible.Has(upstream, tried) ? 1 : 0;
        if (count == 0)
            return serving[_dice.Below(serving.Length)]; // all of them changed meanwhile
        var (first, second) = PowerOfTwoChoices.Draw(count, _dice);
        var one = Nth(serving, tried, eligible, first);
        var two = first == second ? one : Nth(serving, tried, eligible, second);
        if (one == two)
            return one;
        return PowerOfTwoChoices.FirstWins(one.Cost(two, now), one.Weight(now), two.Cost(one, now), two.Weight(now), _dice) ? one : two;
    }

    private static Upstream Nth(Upstream[] serving, List<Upstream> tried, Eligible eligible, int place)
    {
        foreach (var upstream in serving)
        {
            if (eligible.Has(upstream, tried) && place-- == 0)
                return upstream;
        }
        return serving[0]; // fewer than a moment ago
    }

    private readonly record struct Eligible(bool Ejected, bool Tried, double Now)
    {
        public bool Has(Upstream upstream, List<Upstream> tried) =>
            !upstream.IsBarred(Now) && (Ejected || !upstream.IsEjected) && (Tried || tried.Count == 0 || !tried.Contains(upstream));
    }
}

/// <param name="Requests">Requests taken for the service.</param>
/// <param name="Attempts">Attempts sent to its upstreams.</param>
/// <param name="Retries">Attempts after one that came to nothing.</param>
/// <param name="Failures">Attempts that failed.</param>
/// <param name="Waiting">Requests waiting for an upstream now.</param>
internal readonly record struct UpstreamTotals(long Requests, long Attempts, long Retries, long Failures, int Waiting)
{
    public static UpstreamTotals operator +(UpstreamTotals left, UpstreamTotals right) => new(
        left.Requests + right.Requests, left.Attempts + right.Attempts, left.Retries + right.Retries, left.Failures + right.Failures, left.Waiting + right.Waiting);
}
