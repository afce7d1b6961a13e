using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Chance;

namespace Mainstay.Edge.Balancing;

/// <summary>
/// Keeps requests of all routes from an address at which nobody listens. Only connections that could not be made count: what a route's
/// requests fail at once they have arrived is that route's, and its own breaker's. Replicas of ours need none: the supervisor tells.
/// </summary>
internal sealed class UpstreamBreaker(string name, Dice dice, EdgeEvents events)
{
    private static readonly BreakerPolicy Policy = new();

    private readonly CircuitBreaker _breaker = new(Policy, dice);

    /// <summary>Nothing is wrong, as far as is known.</summary>
    public bool IsClosed => _breaker.IsClosed;

    /// <summary>Whether the flight may go there; if so, how it went must be told.</summary>
    public bool TryEnter(Flight flight, double now)
    {
        var pass = _breaker.TryEnter(now);
        flight.Pass = pass.MayGo ? pass : null;
        return pass.MayGo;
    }

    /// <summary>It did not go there after all.</summary>
    public void GiveBack(Flight flight, double now) => Tell(flight, FlightOutcome.Ignored, now);

    /// <summary>Counts what the flight shows; once: what is said of it later changes nothing.</summary>
    public void Tell(Flight flight, in FlightOutcome outcome, double now)
    {
        if (flight.Pass is not { } pass)
            return;
        flight.Pass = null;
        if (outcome.IsUnreachable)
            Tell(_breaker.Fail(pass, now));
        else if (outcome.Answered)
            Tell(_breaker.Succeed(pass, now));
        else
            _breaker.GiveBack(pass, now);
    }

    /// <summary>Seconds until somebody may try; 0: now.</summary>
    public double ClosedFor(double now) => _breaker.RetryAfter(now);

    public BreakerState State(double now) => _breaker.State(now);

    private void Tell(BreakerChange? change)
    {
        if (change is not { } changed)
            return;
        if (changed.To == BreakerMode.Closed)
            events.Note(name, $"connections are accepted again after {changed.OpenFor:0.0} s: its breaker is closed");
        else if (changed.FailedTrials == 0)
            events.Warn(name, $"{changed.FailuresInARow} connections in a row could not be made within {changed.Span:0.0} s: its breaker is open, the next trial is in {changed.OpenFor:0.0} s");
    }
}
