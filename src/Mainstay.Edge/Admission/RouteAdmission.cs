using Mainstay.Edge.Balancing;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>What a route's requests have to pass: its breaker, then its service's gate or one of its own.</summary>
/// <param name="Spec">The route.</param>
/// <param name="Breaker">Closed while the service answers this route.</param>
/// <param name="Keeper">The gate; null with <c>concurrency: off</c>.</param>
/// <param name="Share">The route's part in the gate; null with <c>concurrency: off</c>.</param>
/// <param name="Time">The clock.</param>
/// <param name="Events">Where its changes are told.</param>
internal sealed record RouteAdmission(RouteSpec Spec, CircuitBreaker Breaker, Gatekeeper? Keeper, RouteShare? Share, TimeProvider Time, EdgeEvents Events)
{
    /// <summary>Who waits less when not all can be served.</summary>
    public Priority Priority => Spec.Priority switch
    {
        RoutePriority.Critical => Priority.Critical,
        RoutePriority.Sheddable => Priority.Sheddable,
        _ => Priority.Normal,
    };

    public double Now => Time.Seconds();

    /// <summary>Tells what an outcome changed.</summary>
    public void Tell(BreakerChange? change)
    {
        if (change is not { } changed)
            return;
        if (changed.To == BreakerMode.Closed)
            Events.Note(Spec.Display, $"{Spec.Service} answers again after {changed.OpenFor:0.0} s: its breaker is closed");
        else if (changed.FailedTrials == 0)
            Events.Warn(Spec.Display, $"{Spec.Service} failed {changed.FailuresInARow} times in a row within {changed.Span:0.0} s: its breaker is open, the next trial is in {changed.OpenFor:0.0} s");
    }
}
