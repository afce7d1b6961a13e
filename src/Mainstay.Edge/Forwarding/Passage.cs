using System.Buffers.Text;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// What is remembered of one request while it is forwarded: its deadline, where it has been, and the one cancellation source that ends the
/// attempt under way, for whatever cause. Reused from request to request.
/// </summary>
internal sealed class Passage : Flight
{
    private const int CauseBits = 4;

    private readonly TimeProvider _time;
    private readonly ReplayableBody _body;
    private CancellationTokenSource _source;
    private CancellationTokenRegistration _gone;
    private Attempt? _attempt;
    private volatile IEndsOnDrain? _ending;
    private long _signal = 1L << CauseBits;
    private double _idle;
    private double _armed;
    private bool _hasGrpcTimeout;
    private volatile bool _isUploading;

    public Passage(TimeProvider time)
    {
        _time = time;
        _body = new ReplayableBody(TouchBody);
        _source = NewSource();
    }

    public Exchange Exchange { get; private set; } = null!;

    public UpstreamSet Set { get; private set; } = null!;

    public RouteSpec Route { get; private set; } = null!;

    /// <summary>Upstreams that attempts were made on, failed ones all.</summary>
    public List<Upstream> Tried { get; } = [];

    /// <summary>Monotonic seconds by which the head of an answer must be there.</summary>
    public double Deadline { get; private set; }

    /// <summary>The method, or an Idempotency-Key, says that doing it twice is the same as once.</summary>
    public bool IsIdempotent { get; private set; }

    /// <summary>Retries that count against the route's <c>retries</c>.</summary>
    public int Retries { get; set; }

    /// <summary>The wait before the last retry.</summary>
    public TimeSpan Backoff { get; set; }

    /// <summary>Seconds that it has waited for an upstream so far.</summary>
    public double Waited { get; set; }

    public bool HasBody { get; private set; }

    public ReplayableBody Body => _body;

    public CancellationToken Token => _source.Token;

    /// <summary>Why the attempt under way was given up; none, with a cancelled token, means that its time was up.</summary>
    public CutCause Cause => (CutCause)(Volatile.Read(ref _signal) & ((1 << CauseBits) - 1));

    public override long Turn => Volatile.Read(ref _signal) >> CauseBits;

    public bool ClientHasGone => Exchange.ClientGone.IsCancellationRequested;

    public bool CanReplay => !HasBody || _body.CanReplay;

    public long KeptBytes => HasBody ? _body.KeptBytes : 0;

    public double Now => _time.Seconds();

    public void Start(Exchange exchange, UpstreamSet set, RouteSpec route)
    {
        Exchange = exchange;
        Set = set;
        Route = route;
        var request = exchange.Request;
        var timeout = exchange.Facts.Timeout > TimeSpan.Zero ? exchange.Facts.Timeout : route.Timeout;
        _hasGrpcTimeout = request.Headers.TryGet(HeaderId.GrpcTimeout, out var grpc);
        if (_hasGrpcTimeout && GrpcTimeout.TryParse(grpc, out var asked) && asked < timeout)
            timeout = asked;
        Deadline = _time.Seconds(exchange.Facts.Arrived) + timeout.TotalSeconds;
        IsIdempotent = route.Idempotent.Contains(request.Method) || request.Headers.Has(HeaderId.IdempotencyKey);
        Retries = 0;
        Backoff = TimeSpan.Zero;
        Waited = 0;
        HasBody = request.HasBody;
        _isUploading = HasBody;
        if (HasBody)
            _body.Begin(exchange.RequestBody);
        _gone = exchange.ClientGone.UnsafeRegister(static passage => ((Passage)passage!).LoseClient(), this);
    }

    /// <summary>A new turn: whatever was said to the attempt before does not concern the next.</summary>
    public void BeginTurn()
    {
        _ending = null;
        var turn = Turn;
        var before = Interlocked.Exchange(ref _signal, (turn + 1) << CauseBits);
        // Only now: a late cut that still saw the old turn reached the old source.
        if ((before & ((1 << CauseBits) - 1)) != 0 || _source.IsCancellationRequested)
            ReplaceSource();
        _idle = 0;
        if (ClientHasGone)
            LoseClient();
    }

    /// <summary>What to send this time: the deadline that is left, and the body from its first byte.</summary>
    public async ValueTask<Attempt> PrepareAsync()
    {
        var request = Exchange.Request;
        var left = Math.Max(0.001, Deadline - Now);
        if (Route.AttemptTimeout is { } most)
            left = Math.Min(left, most.TotalSeconds);
        WriteTimeout(request.Headers, left);
        var attempt = _attempt ?? new Attempt { Request = request };
        _attempt = null;
        attempt.Request = request;
        attempt.NeedsFreshConnection = !IsIdempotent;
        if (HasBody)
            attempt.Body = await _body.OpenAsync();
        Exchange.Facts.Attempts++;
        Exchange.Facts.Place.BeginWork(Now);
        _source.CancelAfter(Whole(left));
        return attempt;
    }

    /// <summary>From now on silence, either way, ends it.</summary>
    public void BeginIdle(TimeSpan idle)
    {
        _armed = Now;
        _idle = idle.TotalSeconds;
        _source.CancelAfter(Whole(_idle * 1.25));
    }

    /// <summary>An event stream that was cut between two events still has its end to send, within another idle time.</summary>
    public void BeginEnd()
    {
        Cut(Turn, CutCause.StreamEnd); // one that is just on its way comes too late now
        ReplaceSource();
        BeginIdle(Route.IdleTimeout);
    }

    /// <summary>The attempt must be over after this.</summary>
    public void EndWithin(TimeSpan limit)
    {
        _idle = 0;
        _source.CancelAfter(Whole(limit.TotalSeconds));
    }

    /// <summary>A byte went through. Cheap: the timer is moved at most four times within the idle time.</summary>
    public void Touch()
    {
        var idle = _idle;
        if (idle == 0)
            return;
        var now = Now;
        if (now - _armed < idle / 4)
            return;
        _armed = now;
        _source.CancelAfter(Whole(idle * 1.25));
    }

    /// <summary>A piece of the client's body came in.</summary>
    private void TouchBody()
    {
        Touch();
        if (_isUploading && _body.IsWhole)
        {
            _isUploading = false;
            Exchange.Facts.Place.EndUpload(Now);
        }
    }

    /// <summary>What is under way can end by itself at a boundary when its replica is drained.</summary>
    public void EndsOnDrain(IEndsOnDrain ending)
    {
        _ending = ending;
        if (Upstream?.EndsOnDrain(this) == true)
            ending.TellToEnd();
    }

    /// <summary>Takes an attempt back that ended well, for the next request.</summary>
    public void Keep(Attempt attempt)
    {
        attempt.Reset();
        _attempt = attempt;
    }

    /// <summary>Whether it can serve another request: not while a late signal may still be on its way.</summary>
    public bool TryFinish()
    {
        var unregistered = _gone.Unregister() || !Exchange.ClientGone.CanBeCanceled;
        if (HasBody)
            _body.End();
        _ending = null;
        _isUploading = false;
        var before = Interlocked.Exchange(ref _signal, (Turn + 1) << CauseBits);
        if ((before & ((1 << CauseBits) - 1)) != 0 || !_source.TryReset())
            ReplaceSource();
        Tried.Clear();
        Exchange = null!;
        Set = null!;
        Route = null!;
        return unregistered;
    }

    public override void Cut(long turn, CutCause cause)
    {
        var source = _source; // before the turn is compared, see BeginTurn
        if (Interlocked.CompareExchange(ref _signal, (turn << CauseBits) | (long)cause, turn << CauseBits) == turn << CauseBits)
            source.Cancel();
    }

    public override bool TryMove(long turn)
    {
        var (set, route) = (Set, Route);
        if (Turn != turn || IsAnswered || set is null || route is null || !IsIdempotent || !CanReplay || Retries >= route.Retries)
            return false;
        if (!set.Budget.TrySpend(Now))
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

    public override bool IsUploading => _isUploading;

    public override void LendPlace(long turn)
    {
        var exchange = Exchange;
        if (_isUploading && Turn == turn)
            exchange?.Facts.Place.LendWhileUploading();
    }

    private void LoseClient() => Cut(Turn, CutCause.ClientGone);

    private void ReplaceSource()
    {
        if (!_source.IsCancellationRequested)
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _source = NewSource();
    }

    private CancellationTokenSource NewSource() => new(Timeout.InfiniteTimeSpan, _time);

    private void WriteTimeout(HeaderBlock headers, double left)
    {
        Span<byte> text = stackalloc byte[24];
        var milliseconds = (long)Math.Ceiling(left * 1000);
        Utf8Formatter.TryFormat(milliseconds, text, out var length);
        headers.Set(HeaderId.MainstayTimeoutMs, text[..length]);
        if (!_hasGrpcTimeout)
            return;
        length = GrpcTimeout.Format(milliseconds, text);
        headers.Set(HeaderId.GrpcTimeout, text[..length]);
    }

    /// <summary>Timers count whole milliseconds; a limit never fires before its time.</summary>
    private static TimeSpan Whole(double seconds) => TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(seconds * 1000), 1, int.MaxValue - 1.0));
}

/// <summary>A stream or tunnel that ends by itself when its replica is drained.</summary>
internal interface IEndsOnDrain
{
    /// <summary>End at the next boundary. From any thread, at any time, more than once.</summary>
    void TellToEnd();
}
