using System.IO.Pipelines;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding;

/// <summary>Why an attempt has no answer.</summary>
internal enum AttemptFailure
{
    None,

    /// <summary>No connection: refused, unreachable, or out of local resources.</summary>
    Unconnected,

    /// <summary>The upstream closed or reset the connection before a byte of an answer.</summary>
    Unanswered,

    /// <summary>The upstream broke off inside the head of its answer.</summary>
    BrokenHead,

    /// <summary>What came back is not an HTTP answer, or one that must not be passed on.</summary>
    Malformed,

    /// <summary>The client's body could not be read to its end: the client's fault, not the upstream's.</summary>
    ClientBody,

    /// <summary>Given up from our side: deadline, attempt timeout, or the client has gone.</summary>
    Cancelled,
}

/// <summary>
/// One try at getting an answer: what to send, and the exact knowledge of what became of it.
/// Filled by an <see cref="IUpstreamClient"/>; must be disposed, which gives the connection back if the answer was read to its end
/// and closes it otherwise.
/// </summary>
internal sealed class Attempt : IAsyncDisposable
{
    // What to send.
    public required RequestHead Request { get; set; }

    /// <summary>The body from its first byte, or null for none; read once, while the answer may already be coming.</summary>
    public PipeReader? Body { get; set; }

    /// <summary>Only on a connection that is new or was used within the last second: the request must not be lost to a closing one.</summary>
    public bool NeedsFreshConnection { get; set; }

    // What is known. Set by the client as it happens, in this order.

    /// <summary>At least one byte of the request was handed to an established connection: the upstream may have acted on it.</summary>
    public bool Sent { get; set; }

    /// <summary>At least one byte of an answer came back.</summary>
    public bool Answered { get; set; }

    public AttemptFailure Failure { get; set; }

    /// <summary>Unconnected for want of a descriptor of our own: says nothing about the upstream.</summary>
    public bool IsOurShortage { get; set; }

    /// <summary>For logs and status, one short clause ("connection refused"); never shown to clients.</summary>
    public string? Detail { get; set; }

    // The answer, if Failure is None.
    public AnswerHead Answer { get; } = new();

    /// <summary>Null if the answer has no body (HEAD, 204, 304, length 0) or is a tunnel.</summary>
    public AnswerBody? AnswerBody { get; set; }

    /// <summary>The bare connection after a 101; the caller owns it until the attempt is disposed.</summary>
    public IDuplexPipe? Tunnel { get; set; }

    /// <summary>Set by the client: gives back or closes what the attempt holds. Called once.</summary>
    public IAttemptResources? Resources { get; set; }

    /// <summary>Forgets everything but the request, to be used again. Only after one that ended well: a client that still ran would hit the next.</summary>
    public void Reset()
    {
        Body = null;
        NeedsFreshConnection = Sent = Answered = false;
        Failure = AttemptFailure.None;
        IsOurShortage = false;
        Detail = null;
        Answer.Clear();
        AnswerBody = null;
        Tunnel = null;
        Resources = null;
    }

    public ValueTask DisposeAsync()
    {
        var resources = Resources;
        Resources = null;
        return resources is null ? ValueTask.CompletedTask : resources.ReleaseAsync(this);
    }
}

/// <summary>What an attempt holds at its client: a connection, a stream.</summary>
internal interface IAttemptResources
{
    ValueTask ReleaseAsync(Attempt attempt);
}

/// <summary>The body of an upstream's answer, pulled piece by piece, framing already removed.</summary>
internal abstract class AnswerBody
{
    /// <summary>Its length, if declared.</summary>
    public long? Length { get; protected set; }

    /// <summary>Read to its end, completely and correctly.</summary>
    public bool IsComplete { get; protected set; }

    /// <summary>
    /// The next piece, valid until the next call; empty at the end (then trailers, if any, are in the answer's head).
    /// Throws <see cref="UpstreamBrokeOffException"/> when the upstream ends early or frames badly.
    /// </summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel);
}

/// <summary>The upstream did not finish an answer that it had begun.</summary>
internal sealed class UpstreamBrokeOffException(string detail) : IOException(detail);
