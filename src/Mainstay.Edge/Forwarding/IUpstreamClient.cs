namespace Mainstay.Edge.Forwarding;

/// <summary>
/// Speaks to one upstream: our HTTP/1.1 on sockets, HTTP/2 without TLS, or memory in tests. Thread-safe.
/// It never sends a request twice by itself, follows no redirect, keeps no cookie and changes no header but framing
/// (Content-Length, Transfer-Encoding, Connection).
/// </summary>
internal interface IUpstreamClient : IAsyncDisposable
{
    /// <summary>
    /// Sends the attempt and waits for the head of the final answer (1xx answers are passed over; a 101 ends the wait).
    /// What goes wrong on the network or upstream is a value in <see cref="Attempt.Failure"/>, not an exception.
    /// When <paramref name="cancel"/> fires first, the connection is given up, and the failure is <see cref="AttemptFailure.Cancelled"/>.
    /// </summary>
    ValueTask SendAsync(Attempt attempt, CancellationToken cancel);

    /// <summary>Closes idle connections and, after what is under way, the others; the upstream is about to go.</summary>
    void Retire();
}
