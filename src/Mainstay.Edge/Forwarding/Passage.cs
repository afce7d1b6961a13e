using System.Buffers.Text;
using System.IO.Pipelines;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding.Hedging;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// What is remembered of one request while it is forwarded: its deadline, where it has been, and its attempts under way. Reused from request
/// to request.
/// </summary>
internal sealed class Passage
{
    /// <summary>Seconds. Callers whose own deadlines are far below the route's are still heard when a service hangs.</summary>
    private const double EnoughAlways = 1;

    private readonly ReplayableBody _body;
    private readonly Leg _first;
    private volatile Leg? _second;
    private RequestHead? _secondHead;
    private CancellationTokenRegistration _gone;
    private bool _hasGrpcTimeout;
    private double _wholeAt;
    private volatile bool _isUploading;
    private volatile bool _isRacing;

    public Passage(TimeProvider time)
    {
        Time = time;
        _body = new ReplayableBody(time, TouchBody);
        _first = Leg = new Leg(this, time);
    }

    public TimeProvider Time { get; }

    public Exchange Exchange { get; private set; } = null!;

    public UpstreamSet Set { get; private set; } = null!;

    public RouteSpec Route { get; private set; } = null!;

    /// <summary>When a second attempt is worth making; null: never.</summary>
    public RouteHedge? Hedge { get; private set; }

    /// <summary>The attempt under way, or the one whose answer is passed on.</summary>
    public Leg Leg { get; private set; }

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

    /// <summary>Monotonic seconds since when an upstream has had all that it needs to answer: the attempt was sent, and the client's body is there.</summary>
    public double WorkBegan { get; private set; }

    /// <summary>A second attempt has been made: there will not be another beside one.</summary>
    public bool WasHedged { get; private set; }

    public bool HasBody { get; private set; }

    public ReplayableBody Body => _body;

    public bool ClientHasGone => Exchange.ClientGone.IsCancellationRequested;

    public bool CanReplay => !HasBody || _body.CanReplay;

    /// <summary>It could be made once more, elsewhere, if the service's budget has something left; not once it is over. From any thread.</summary>
    public bool CanMove => IsIdempotent && CanReplay && Retries < Route?.Retries;

    public long KeptBytes => HasBody ? _body.KeptBytes : 0;

    /// <summary>The client has not yet sent all of its request.</summary>
    public bool IsUploading => _isUploading;

    /// <summary>
    /// It has not, and the attempt, still without an answer when its time was up, spent most of that waiting. Not what it waited for at the
    /// last moment: a client could choose that.
    /// </summary>
    public bool IsStarved =>
        _isUploading && !Leg.IsAnswered && Leg.Attempt.Failure == AttemptFailure.Cancelled && 2 * _body.Starved > Now - WorkBegan;

    /// <summary>
    /// The last attempt had at least a second or half of the time that the route gives, or had begun to answer: with less, that there was no
    /// answer says nothing about the upstream. Clients can be slow to send, and can ask for a shorter time.
    /// </summary>
    public bool HadUpstreamTime => _isUploading ? IsEnough(Now - WorkBegan - _body.Starved) : Leg.IsAnswered || IsEnough(Now - WorkBegan);

    /// <summary>The service had so much, in one attempt or several.</summary>
    public bool HadServiceTime => HadUpstreamTime || (!_isUploading && IsEnough(Now - _wholeAt));

    public double Now => Time.Seconds();

    public void Start(Exchange exchange, UpstreamSet set, RouteSpec route)
    {
        Exchange = exchange;
        Set = set;
        Route = route;
        Hedge = exchange.Facts.Route?.Hedge;
        var request = exchange.Request;
        var timeout = exchange.Facts.Timeout > TimeSpan.Zero ? exchange.Facts.Timeout : route.Timeout;
        _hasGrpcTimeout = request.Headers.TryGet(HeaderId.GrpcTimeout, out var grpc);
        if (_hasGrpcTimeout && GrpcTimeout.TryParse(grpc, out var asked) && asked < timeout)
            timeout = asked;
        Deadline = Time.Seconds(exchange.Facts.Arrived) + timeout.TotalSeconds;
        IsIdempotent = route.Idempotent.Contains(request.Method) || request.Headers.Has(HeaderId.IdempotencyKey);
        Retries = 0;
        Backoff = TimeSpan.Zero;
        Waited = 0;
        WasHedged = false;
        HasBody = request.HasBody;
        _isUploading = HasBody;
        _wholeAt = Time.Seconds(exchange.Facts.Arrived);
        if (HasBody)
            _body.Begin(exchange.RequestBody, request.ContentLength);
        _gone = exchange.ClientGone.UnsafeRegister(static passage => ((Passage)passage!).LoseClient(), this);
    }

    /// <summary>The next attempt.</summary>
    public Leg BeginTurn()
    {
        Leg = _first;
        _first.BeginTurn();
        return _first;
    }

    /// <summary>What to send this time: the deadline that is left, and the body from its first byte.</summary>
    public async ValueTask PrepareAsync()
    {
        var request = Exchange.Request;
        var left = Left();
        WriteTimeout(request.Headers, left);
        var attempt = Leg.Prepare(request, left);
        attempt.NeedsFreshConnection = !IsIdempotent;
        if (HasBody)
            attempt.Body = await _body.OpenAsync();
        Exchange.Facts.Attempts++;
        var now = Now;
        WorkBegan = now;
        Exchange.Facts.Place.BeginWork(now);
    }

    /// <summary>Begins a leg beside the first one, with a head and a body of its own; null if the body cannot be sent twice at once.</summary>
    public Leg? TryBeginSecond()
    {
        PipeReader? body = null;
        if (HasBody && (_isUploading || !_body.TryOpenBeside(out body)))
            return null;
        var second = _second ??= new Leg(this, Time);
        second.BeginTurn();
        // The first attempt may still be about to write its head.
        var head = _secondHead ??= new RequestHead();
        Exchange.Request.CopyTo(head);
        var left = Left();
        WriteTimeout(head.Headers, left);
        second.Prepare(head, left).Body = body;
        return second;
    }

    /// <summary>Two attempts are under way.</summary>
    public void BeginRace()
    {
        WasHedged = _isRacing = true;
        Exchange.Facts.Attempts++;
    }

    /// <summary>One attempt is left.</summary>
    public void EndRace() => _isRacing = false;

    /// <summary>From now on it is this one.</summary>
    public void GoOnWith(Leg leg) => Leg = leg;

    /// <summary>Whether it can serve another request: not while a late signal may still be on its way.</summary>
    public bool TryFinish()
    {
        var unregistered = _gone.Unregister() || !Exchange.ClientGone.CanBeCanceled;
        if (HasBody)
            _body.End();
        _isUploading = false;
        _first.Finish();
        if (Hedge is not null)
            _second?.Finish();
        Tried.Clear();
        Exchange = null!;
        Set = null!;
        Route = null!;
        Hedge = null;
        return unregistered;
    }

    /// <summary>Asks whether the attempt under way could be made elsewhere, and pays for that. From any thread.</summary>
    public bool TryPayForMove()
    {
        var set = Set;
        // While two are under way, the request is elsewhere already.
        return set is not null && !_isRacing && CanMove && set.Budget.TrySpend(Now);
    }

    /// <summary>The client is slow to send: others may use its place. From any thread.</summary>
    public void LendWhileUploading()
    {
        var exchange = Exchange;
        if (_isUploading)
            exchange?.Facts.Place.LendWhileUploading();
    }

    /// <summary>A piece of the client's body came in.</summary>
    private void TouchBody()
    {
        Leg.Touch();
        if (_isUploading && _body.IsWhole)
        {
            var now = Now;
            WorkBegan = _wholeAt = now;
            _isUploading = false;
            Exchange.Facts.Place.EndUpload(now);
        }
    }

    private void LoseClient()
    {
        _first.Cut(_first.Turn, CutCause.ClientGone);
        if (_second is { } second)
            second.Cut(second.Turn, CutCause.ClientGone);
    }

    private bool IsEnough(double seconds)
    {
        var most = Route.AttemptTimeout is { } attempt && attempt < Route.Timeout ? attempt : Route.Timeout;
        return seconds >= Math.Min(EnoughAlways, most.TotalSeconds / 2);
    }

    /// <summary>Seconds that the next attempt may take.</summary>
    private double Left()
    {
        var left = Math.Max(0.001, Deadline - Now);
        return Route.AttemptTimeout is { } most ? Math.Min(left, most.TotalSeconds) : left;
    }

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
}
