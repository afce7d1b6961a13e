using System.Net;
using Mainstay.Edge.Forwarding;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Balancing;

/// <summary>One replica, or one url of a service that someone else runs: what is in flight on it and what is known of it.</summary>
internal sealed class Upstream(string name, EndPoint endPoint, IUpstreamClient client, double admitted, UpstreamBreaker? breaker = null)
{
    private static readonly TimeSpan Tau = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan InitialLatency = TimeSpan.FromMilliseconds(30);
    private static readonly SlowStart Ramp = new(TimeSpan.FromSeconds(10));
    private static readonly EjectionPolicy Policy = new();

    /// <summary>Below this, latency says nothing any more, and what is in flight all.</summary>
    private const double LeastEstimate = 0.0001;

    /// <summary>So many requests show that an upstream is silent: a single one may be what takes long.</summary>
    public const int Probes = 2;

    private readonly Lock _gate = new();
    private readonly PeakEwma _latency = new(Tau, InitialLatency);
    private readonly LatencyWindow _latencies = new();
    private readonly LatencyWindow _latenciesByBeginning = new();
    private readonly EjectionState _ejection = new(Policy);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Line<Flight> _flights = new(); // guarded by the gate
    private TaskCompletionSource? _idle;
    private bool _isEnding;
    private double _answered = double.NegativeInfinity;
    private double _sent = double.NegativeInfinity;
    private volatile int _inFlight;
    private volatile bool _isEjected;
    private volatile bool _isOpen = true;
    private double _suspectedSince = double.PositiveInfinity;
    private double _overtakenSince = double.PositiveInfinity;
    private int _overtaken;
    private int _probesWanted;
    private long _requests;
    private long _ended;

    public string Name { get; } = name;

    public EndPoint EndPoint { get; } = endPoint;

    public IUpstreamClient Client { get; } = client;

    /// <summary>One of <c>urls</c>: nobody tells us when it comes and goes.</summary>
    public bool IsStatic => Breaker is not null;

    /// <summary>Of one of <c>urls</c>.</summary>
    public UpstreamBreaker? Breaker { get; } = breaker;

    /// <summary>Nobody may go there now.</summary>
    public bool IsBarred(double now) => Breaker?.ClosedFor(now) > 0;

    public int InFlight => _inFlight;

    public long Requests => Interlocked.Read(ref _requests);

    public long Ended => Interlocked.Read(ref _ended);

    public bool IsEjected => _isEjected;

    /// <summary>Nothing is known against it: it is not ejected, and its breaker is closed.</summary>
    public bool IsSound => !_isEjected && Breaker is not { IsClosed: false };

    public bool IsDraining { get; private set; }

    /// <summary>When it last answered anything; monotonic seconds.</summary>
    public double Answered => Volatile.Read(ref _answered);

    /// <summary>
    /// What one more request here would cost. One that is not known yet is taken for as quick as <paramref name="other"/>: its ramp
    /// decides, and not a guess that could keep it from ever being known.
    /// </summary>
    public double Cost(Upstream other, double now)
    {
        var estimate = _latency.HasSamples ? _latency.SecondsAt(now) : other._latency.SecondsAt(now);
        return Math.Max(estimate, LeastEstimate) * (_inFlight + 1);
    }

    public double Weight(double now) => Ramp.Weight(now - admitted);

    /// <summary>When it last got a request; monotonic seconds.</summary>
    public double Sent => Volatile.Read(ref _sent);

    /// <summary>It got nothing for a while, is quick as far as is known, and nothing waits there that will show whether it still answers.</summary>
    public bool IsNeglected(double now) =>
        now - Sent >= EjectionPolicy.Neglect && _latency.SecondsAt(now) <= EjectionPolicy.LongestLook && (_inFlight == 0 || Answered >= Sent);

    /// <summary>One request is to find out; false for all others that come at the same time.</summary>
    public bool TryClaimLook(double now)
    {
        var sent = Sent;
        return now - sent >= EjectionPolicy.Neglect && Interlocked.CompareExchange(ref _sent, now, sent) == sent;
    }

    /// <summary>Takes the flight on; false if this upstream gets nothing new any more.</summary>
    public bool TryBegin(Flight flight, double now, Visit visit)
    {
        lock (_gate)
        {
            if (!_isOpen)
                return false;
            // Whether it is overdue was seen when it was picked.
            if (visit == Visit.Trial && !_ejection.TryBeginTrial(now))
                return false;
            flight.Upstream = this;
            flight.Began = now;
            flight.Visit = visit;
            flight.IsAnswered = false;
            flight.CanEnd = false;
            _flights.Add(flight);
            _inFlight++;
            _requests++;
            Volatile.Write(ref _sent, now);
            return true;
        }
    }

    /// <summary>Notes what the flight says about this upstream; answers what it should be ejected for, if for anything.</summary>
    public EjectionCause Note(Flight flight, in FlightOutcome outcome, double now, double chance)
    {
        lock (_gate)
            return NoteLocked(flight, outcome, now, chance);
    }

    /// <summary>The flight is over.</summary>
    public EjectionCause End(Flight flight, in FlightOutcome outcome, double now, double chance)
    {
        TaskCompletionSource? idle = null;
        EjectionCause cause;
        lock (_gate)
        {
            cause = NoteLocked(flight, outcome, now, chance);
            _flights.Remove(flight);
            flight.Upstream = null;
            _ended++;
            if (--_inFlight == 0)
                (idle, _idle) = (_idle, null);
        }
        idle?.TrySetResult();
        return cause;
    }

    private EjectionCause NoteLocked(Flight flight, in FlightOutcome outcome, double now, double chance)
    {
        if (outcome.Answered)
        {
            Volatile.Write(ref _answered, now);
            _overtaken = 0;
            Volatile.Write(ref _overtakenSince, double.PositiveInfinity);
        }
        var wasTrial = flight.Visit == Visit.Trial;
        flight.Visit = Visit.Ordinary;
        if (outcome.Verdict is FlightVerdict.Ignored or FlightVerdict.Overtaken)
        {
            if (wasTrial)
                _ejection.ForgetTrial();
            if (outcome.Verdict == FlightVerdict.Overtaken)
                NoteOvertakenLocked(flight, outcome, now);
            else if (!flight.IsAnswered && !flight.IsUploading)
                _latency.Penalize(now - flight.WorkBegan, now); // a client that left says nothing but that it took so long, at least
            return EjectionCause.None;
        }
        if (!double.IsNaN(outcome.Latency))
        {
            _latency.Record(outcome.Latency, now);
            _latencies.Record(outcome.Latency, now);
            _latenciesByBeginning.Record(outcome.Latency, flight.WorkBegan);
        }
        if (outcome.Penalty > 0)
            _latency.Penalize(outcome.Penalty, now);
        var wasSlow = _ejection.Cause == EjectionCause.Latency;
        var cause = _ejection.Record(outcome.Verdict == FlightVerdict.Success, now, wasTrial);
        if (wasTrial && outcome.Verdict == FlightVerdict.Failure)
            _ejection.FailTrial(now, chance);
        _isEjected = _ejection.IsEjected;
        if (wasSlow && !_isEjected)
            ForgetLatenciesLocked();
        return cause;
    }

    private void NoteOvertakenLocked(Flight flight, in FlightOutcome outcome, double now)
    {
        _latency.Penalize(outcome.Penalty, now);
        if (outcome.Answered)
            return;
        if (_overtaken++ == 0)
            Volatile.Write(ref _overtakenSince, flight.Began);
    }

    /// <summary>Nothing new from now on. Thread-safe with <see cref="TryBegin"/>: what began, counts.</summary>
    public void Close(bool draining)
    {
        lock (_gate)
        {
            _isOpen = false;
            IsDraining |= draining;
        }
    }

    /// <summary>Completes when it was removed: its process is dead, or was stopped.</summary>
    public Task WhenGone => _gone.Task;

    /// <summary>It will not come back under this name and address.</summary>
    public void BeGone() => _gone.TrySetResult();

    /// <summary>Traffic again, with a clean slate: whoever opens it has just seen it ready.</summary>
    public void Open(double now)
    {
        lock (_gate)
        {
            _isOpen = true;
            ReadmitLocked(now);
            _overtaken = 0;
            Volatile.Write(ref _overtakenSince, double.PositiveInfinity);
        }
    }

    private void ReadmitLocked(double now)
    {
        if (_ejection.IsEjected)
            _ejection.Readmit(now);
        _isEjected = false;
        ForgetLatenciesLocked();
        Suspect(double.PositiveInfinity);
    }

    /// <summary>Judged anew, by what comes.</summary>
    private void ForgetLatenciesLocked()
    {
        _latencies.Clear();
        _latenciesByBeginning.Clear();
    }

    /// <summary>Completes once nothing is in flight; only after <see cref="Close"/>.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_inFlight == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>The flight became a tunnel or stream that can be told to end. True: it must, now.</summary>
    public bool EndsOnDrain(Flight flight)
    {
        lock (_gate)
        {
            flight.CanEnd = true;
            return IsDraining || _isEnding;
        }
    }

    /// <summary>The edge is about to stop: tunnels and streams that begin from now on end at once.</summary>
    public void BeginEnding()
    {
        lock (_gate)
            _isEnding = true;
    }

    /// <summary>Those in flight now, with their turns.</summary>
    public List<(Flight Flight, long Turn)> Flights(bool onlyThoseThatEndOnDrain)
    {
        var all = new List<(Flight, long)>();
        lock (_gate)
        {
            for (var flight = _flights.Oldest; flight is not null; flight = flight.After)
            {
                if (!onlyThoseThatEndOnDrain || flight.CanEnd)
                    all.Add((flight, flight.Turn));
            }
        }
        return all;
    }

    /// <summary>Adds those that have waited for an answer since before <paramref name="began"/>; to what is still being sent there is none.</summary>
    public void Waiting(double began, List<(Flight Flight, long Turn, double Began)> waiting)
    {
        lock (_gate)
        {
            for (var flight = _flights.Oldest; flight is not null && flight.Began < began; flight = flight.After)
            {
                var workBegan = flight.WorkBegan;
                if (!flight.IsAnswered && !flight.IsUploading && workBegan < began)
                    waiting.Add((flight, flight.Turn, workBegan));
            }
        }
    }

    /// <summary>Adds those whose clients have been sending since before <paramref name="began"/>.</summary>
    public void Uploading(double began, List<(Flight Flight, long Turn, double Began)> uploading)
    {
        lock (_gate)
        {
            for (var flight = _flights.Oldest; flight is not null && flight.Began < began; flight = flight.After)
            {
                if (flight.IsUploading)
                    uploading.Add((flight, flight.Turn, flight.Began));
            }
        }
    }

    public double Quantile(double quantile, double now, int samples)
    {
        lock (_gate)
            return _latencies.Quantile(quantile, now, samples);
    }

    /// <summary>See <see cref="LatencyWindow.CopyTo"/>; by the second in which they began.</summary>
    public int Latencies(Span<int> counts, double now)
    {
        lock (_gate)
            return _latenciesByBeginning.CopyTo(counts, now);
    }

    public (double Share, int Samples) Success(double now)
    {
        lock (_gate)
            return _ejection.Success(now);
    }

    /// <summary>
    /// Since when a request has been left without a byte for too long while the peers answer: it may be stopped, or the request slow. Two
    /// ordinary requests, which can be moved, are to show which. Infinity when there is no such suspicion.
    /// </summary>
    public double SuspectedSince => Volatile.Read(ref _suspectedSince);

    /// <summary>
    /// Since when every attempt here has been overtaken without a byte of an answer: nothing is left waiting that would show that it is silent.
    /// Infinity when there were few of them.
    /// </summary>
    public double OvertakenSince => Volatile.Read(ref _overtaken) >= EjectionPolicy.Several ? Volatile.Read(ref _overtakenSince) : double.PositiveInfinity;

    public bool NeedsProbe => !double.IsPositiveInfinity(SuspectedSince) && Volatile.Read(ref _probesWanted) > 0;

    public bool TryBeginProbe() => Interlocked.Decrement(ref _probesWanted) >= 0;

    /// <summary>Begins (or, with infinity, ends) the suspicion; also asks for more probes if those before came to nothing.</summary>
    public void Suspect(double since, int probes = Probes)
    {
        Volatile.Write(ref _suspectedSince, since);
        Volatile.Write(ref _probesWanted, probes);
    }

    public bool Eject(EjectionCause cause, double now, double chance)
    {
        lock (_gate)
        {
            if (_ejection.IsEjected)
                return false;
            _ejection.Eject(cause, now, chance);
            _isEjected = true;
            return true;
        }
    }

    /// <summary>
    /// Nobody else is left, and who is does not answer: one that was only slow is in again, and one that failed is tried soon. True: it is in again.
    /// </summary>
    public bool Relieve(double now)
    {
        lock (_gate)
        {
            if (_ejection.Cause != EjectionCause.Latency)
            {
                if (_ejection.IsEjected)
                    _ejection.Hasten(now);
                return false;
            }
            ReadmitLocked(now);
            return true;
        }
    }

    public EjectionCause EjectedFor
    {
        get
        {
            lock (_gate)
                return _ejection.Cause;
        }
    }

    /// <summary>It is time to send the one request that may let it in again, and none is under way.</summary>
    public bool IsTrialDue(double now, bool movable)
    {
        lock (_gate)
            return _isOpen && _ejection.IsTrialDue(now, movable);
    }

    public EjectionPolicy Ejection => Policy;
}
