using System.IO.Pipelines;

namespace Mainstay.Edge.Exchanges;

/// <summary>
/// One request and its answer, as every step from routing to degrading sees them. A server in front implements it; the steps know
/// no server. Reused by its adapter for the next request on the same connection.
/// </summary>
internal abstract class Exchange
{
    public RequestHead Request { get; } = new();

    /// <summary>Filled in by the steps, sent by <see cref="StartAnswerAsync"/>.</summary>
    public AnswerHead Answer { get; } = new();

    /// <summary>Facts that the steps found out about this request.</summary>
    public RequestFacts Facts { get; } = new();

    /// <summary>The request's body. Ends with an exception if the client breaks off or sends more than <see cref="LimitBody"/> allows.</summary>
    public abstract PipeReader RequestBody { get; }

    /// <summary>The clock of whoever serves the client.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Cancelled when the client has gone (its connection closed, its stream reset) or the server gave it up.</summary>
    public abstract CancellationToken ClientGone { get; }

    /// <summary>Whether the head has left: from then on nothing can be retried or replaced.</summary>
    public abstract bool AnswerStarted { get; }

    /// <summary>Largest request body to accept, in bytes; the reader throws <see cref="BodyTooLargeException"/> beyond it. Called before the body is read.</summary>
    public abstract void LimitBody(long bytes);

    /// <summary>
    /// Sends <see cref="Answer"/>'s head, once <see cref="AnswerRules"/> have gone over it: the one place that every answer passes, and
    /// where the service's part is done.
    /// Framing fields are the adapter's: it keeps a Content-Length given, else chunks (or closes, HTTP/1.0).
    /// </summary>
    public ValueTask StartAnswerAsync(CancellationToken cancel)
    {
        AnswerRules.Apply(this);
        Facts.Place.Leave();
        return SendHeadAsync(cancel);
    }

    /// <summary>Where the answer's body goes; usable after <see cref="StartAnswerAsync"/>. Flushing waits for a slow client.</summary>
    public abstract PipeWriter AnswerBody { get; }

    /// <summary>Ends the answer, with <see cref="AnswerHead.Trailers"/> if there are any and the protocol can carry them.</summary>
    public abstract ValueTask CompleteAnswerAsync();

    /// <summary>Sends <see cref="Answer"/> with status 101 and gives the bare connection. Only if the request asked to upgrade.</summary>
    public ValueTask<IDuplexPipe> UpgradeAsync(CancellationToken cancel)
    {
        AnswerRules.Apply(this);
        Facts.Place.Leave();
        return SwitchProtocolsAsync(cancel);
    }

    /// <summary>Cuts the client off: closes the connection (HTTP/1.1) or resets the stream (HTTP/2), so that a broken answer is seen as broken.</summary>
    public abstract void Abort();

    /// <summary>The adapter's half of <see cref="StartAnswerAsync"/>.</summary>
    protected abstract ValueTask SendHeadAsync(CancellationToken cancel);

    /// <summary>The adapter's half of <see cref="UpgradeAsync"/>.</summary>
    protected abstract ValueTask<IDuplexPipe> SwitchProtocolsAsync(CancellationToken cancel);

    protected void Reset()
    {
        Request.Clear();
        Answer.Clear();
        Facts.Clear();
    }
}

/// <summary>The request's body is longer than its route allows.</summary>
internal sealed class BodyTooLargeException(long limit) : IOException($"The request body is larger than {limit} bytes.")
{
    public long Limit { get; } = limit;
}
