using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Admission;

/// <summary>What a route's requests have to pass: its service's gate, or one of its own.</summary>
/// <param name="Keeper">The gate.</param>
/// <param name="Share">The route's part in it.</param>
/// <param name="Priority">Who waits less when not all can be served.</param>
internal sealed record RouteAdmission(Gatekeeper Keeper, RouteShare Share, Priority Priority);
