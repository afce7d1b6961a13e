using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>
/// One connection to an upstream and the one exchange under way on it. Everything an exchange needs lives here and is used again,
/// so that a request on a kept connection allocates nothing.
/// </summary>
internal sealed class Http1Connection : IAttemptResources
{
    /// <summary>More interim answers than anyone has a use for.</summary>
    private const int MaxInterim = 32;

    private readonly Http1Client _owner;
    private readonly Wire _wire;
    private readonly RequestSender _sender;
    private readonly AnswerHeadReader _head;
    private readonly Http1AnswerBody _body;
    private BodyFraming _framing;
    private bool _isAnswered;

    public Http1Connection(Http1Client owner, Socket socket, string authority, Http1Options options, TimeProvider time)
    {
        _owner = owner;
        _wire = new Wire(socket);
        _sender = new RequestSender(_wire, authority, options, time);
        _head = new AnswerHeadReader(options.MaxHeadBytes);
        _body = new Http1AnswerBody(_wire, _sender, options.MaxHeadBytes);
    }

    /// <summary>When it was connected or last gave an answer.</summary>
    public long LastUsed { get; set; }

    /// <summary>What the upstream said about keeping connections, or null.</summary>
    public TimeSpan? KeepAlive => _head.Framing.KeepAlive;

    public bool IsQuiet(bool ask) => _wire.IsQuiet(ask);

    /// <summary>Closes it from any thread; an exchange under way fails.</summary>
    public void Close() => _wire.Close();

    /// <summary>Closes it for good while nobody uses it.</summary>
    public void Discard() => _owner.Discard(this);

    /// <summary>Sends the attempt and reads the head of its answer. Ends with the connection held by the attempt, or closed and a failure said.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ExchangeAsync(Attempt attempt, CancellationToken cancel)
    {
        _isAnswered = false;
        var watch = cancel.UnsafeRegister(static connection => ((Http1Connection)connection!)._wire.Close(), this);
        var failure = AttemptFailure.None;
        try
        {
            failure = _sender.Start(attempt) ? await ReadHeadAsync(attempt) : AttemptFailure.ClientBody;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            failure = Cut(attempt, error is SocketException socket ? SocketErrors.Clause(socket.SocketErrorCode) : "connection closed");
        }
        if (!watch.Unregister() && cancel.IsCancellationRequested)
            failure = AttemptFailure.Cancelled;
        if (failure == AttemptFailure.None)
            return;
        await FailAsync(attempt, failure);
    }

    /// <summary>Gives the connection back if the exchange is over and left nothing behind, else closes it.</summary>
    public ValueTask ReleaseAsync(Attempt attempt)
    {
        var isOver = _isAnswered && attempt.Tunnel is null && (_framing == BodyFraming.None || _body.IsComplete)
            && _framing != BodyFraming.UntilClose && _head.Framing.KeepsConnection && _wire.Unread.IsEmpty && !_wire.IsClosed;
        if (isOver && _sender.IsDone)
        {
            Park();
            return ValueTask.CompletedTask;
        }
        if (isOver && _sender.IsEnding)
            return ParkOnceSentAsync();
        _owner.Discard(this);
        return _sender.StopAsync();
    }

    /// <summary>The answer was faster than the thread that has just sent the last piece of the body: it only has to say so.</summary>
    private async ValueTask ParkOnceSentAsync()
    {
        if (await _sender.EndsAsync())
        {
            Park();
            return;
        }
        _owner.Discard(this);
        await _sender.StopAsync();
    }

    private void Park()
    {
        _sender.Rest();
        _owner.Park(this);
    }

    /// <summary>Starts to listen for the peer's end (or its next answer); false if it cannot be used again.</summary>
    public bool TryRest()
    {
        try
        {
            return _wire.TryReceiveAhead();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptFailure> ReadHeadAsync(Attempt attempt)
    {
        var answer = attempt.Answer;
        _head.Reset();
        answer.Clear();
        for (var interim = 0; ;)
        {
            var progress = _head.Read(_wire.Unread, answer.Headers, out var consumed);
            _wire.Consume(consumed);
            switch (progress)
            {
                case HeadProgress.Malformed:
                    attempt.Detail = _head.Fault;
                    return AttemptFailure.Malformed;
                case HeadProgress.NeedsMore:
                    var count = await _wire.ReceiveAsync(CancellationToken.None);
                    if (count == 0)
                        return Cut(attempt, "connection closed");
                    _wire.Received(count);
                    attempt.Answered = true;
                    break;
                case HeadProgress.Complete when _head.Status >= 200 || _head.Status == 101:
                    return Accept(attempt);
                default:
                    if (++interim > MaxInterim)
                    {
                        attempt.Detail = "too many interim answers";
                        return AttemptFailure.Malformed;
                    }
                    if (_head.Status == 100)
                        _sender.Continue(wanted: true);
                    answer.Headers.Clear();
                    _head.Next();
                    break;
            }
        }
    }

    private AttemptFailure Accept(Attempt attempt)
    {
        var status = _head.Status;
        if (status == 101 && attempt.Request.Upgrade is null)
        {
            attempt.Detail = "switched protocols unasked";
            return AttemptFailure.Malformed;
        }
        // A final answer to a request whose body was held back: a success wants it still, anything else does not.
        _sender.Continue(wanted: status < 300);
        attempt.Answer.Status = status;
        attempt.Resources = this;
        _isAnswered = true;
        _framing = _head.Framing.Of(status, attempt.Request.Method);
        if (status == 101)
            attempt.Tunnel = new Http1Tunnel(_wire);
        else if (_framing != BodyFraming.None)
            attempt.AnswerBody = _body.Begin(attempt, _framing, _head.Framing.Length);
        return AttemptFailure.None;
    }

    /// <summary>The connection ended before the head did.</summary>
    private AttemptFailure Cut(Attempt attempt, string detail)
    {
        if (_sender.ClientFault is not null)
            return AttemptFailure.ClientBody;
        attempt.Detail = detail;
        return attempt.Answered ? AttemptFailure.BrokenHead : AttemptFailure.Unanswered;
    }

    private ValueTask FailAsync(Attempt attempt, AttemptFailure failure)
    {
        attempt.Failure = failure;
        attempt.Resources = null;
        attempt.AnswerBody = null;
        attempt.Tunnel = null;
        attempt.Detail = failure switch
        {
            AttemptFailure.Cancelled => "given up",
            AttemptFailure.ClientBody => _sender.ClientFault,
            _ => attempt.Detail,
        };
        _owner.Discard(this);
        return _sender.StopAsync();
    }
}
