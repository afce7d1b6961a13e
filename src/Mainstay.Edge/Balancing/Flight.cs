using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Balancing;

/// <summary>Why an attempt is taken off its upstream before it ended by itself.</summary>
internal enum CutCause
{
    None,

    /// <summary>The client has gone.</summary>
    ClientGone,

    /// <summary>The replica answers nothing while its peers do: the request moves to another one.</summary>
    Silence,

    /// <summary>The replica is being drained, and its time is up.</summary>
    DrainLimit,

    /// <summary>An event stream on a replica that is being drained ends between two events.</summary>
    StreamEnd,

    /// <summary>A second attempt, made because this one took long, was quicker; or the other way round.</summary>
    Overtaken,
}

/// <summary>What an attempt is to show about its upstream.</summary>
internal enum Visit
{
    Ordinary,

    /// <summary>The single request that may let an ejected upstream in again.</summary>
    Trial,

    /// <summary>The single request that shows whether an upstream answers at all.</summary>
    Probe,
}

/// <summary>
/// The presence of one attempt on one upstream, from its pick to the end of its answer. Reused: who holds one without being its
/// owner also remembers its <see cref="Turn"/>, so that a late call never hits the next request.
/// </summary>
internal abstract class Flight : Linked<Flight>
{
    /// <summary>Where it is; null when nowhere.</summary>
    public Upstream? Upstream { get; internal set; }

    /// <summary>Monotonic seconds at which it was sent there.</summary>
    public double Began { get; internal set; }

    /// <summary>Monotonic seconds since when the upstream has had all that it needs to answer; <see cref="Began"/> while the client still sends.</summary>
    public abstract double WorkBegan { get; }

    /// <summary>Whether it finds something out; no other attempt must come before its answer then.</summary>
    public Visit Visit { get; internal set; }

    /// <summary>What the upstream's breaker said to it, as long as it has not been told how it went; null where there is none.</summary>
    internal BreakerPass? Pass { get; set; }

    /// <summary>The head of an answer has arrived.</summary>
    public volatile bool IsAnswered;

    /// <summary>Ends by itself when told to: a WebSocket, an event stream. Guarded by the upstream.</summary>
    internal bool CanEnd { get; set; }

    /// <summary>Changes when this object begins to serve another attempt.</summary>
    public abstract long Turn { get; }

    /// <summary>Gives the attempt up. Does nothing if <paramref name="turn"/> is over. Never called under a lock.</summary>
    public abstract void Cut(long turn, CutCause cause);

    /// <summary>Asks whether the attempt could be made elsewhere and, if so, cuts it for <see cref="CutCause.Silence"/>.</summary>
    public abstract bool TryMove(long turn);

    /// <summary>The client has not yet sent all of its request.</summary>
    public abstract bool IsUploading { get; }

    /// <summary>The client is slow to send: others may use its place at the service's gate meanwhile.</summary>
    public abstract void LendPlace(long turn);

    /// <summary>Tells a tunnel or stream to end at its next boundary.</summary>
    public abstract void TellToEnd(long turn);
}
