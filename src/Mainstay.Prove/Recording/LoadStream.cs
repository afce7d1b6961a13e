using System.Collections.Immutable;

namespace Mainstay.Prove.Recording;

/// <summary>One kind of request that the load repeats, and what its route promises. Part of a history, so that it can be judged without the manifest.</summary>
/// <param name="Name">How it is shown: method and path.</param>
/// <param name="Role">What it is there for: <see cref="Roles"/>.</param>
/// <param name="Route">The route as the manifest writes it; empty for requests that belong to none.</param>
/// <param name="Service">The service behind it; empty for none.</param>
/// <param name="Method">Upper case.</param>
/// <param name="Path">With its query.</param>
/// <param name="Idempotent">May be replayed after an unknown outcome: by its method and the route's <c>idempotent</c>, or an Idempotency-Key.</param>
/// <param name="Priority">critical · normal · sheddable.</param>
/// <param name="ExpectedStatus">The only good status; null: any below 400.</param>
/// <param name="TimeoutSeconds">The route's <c>timeout</c>: until the answer's head.</param>
/// <param name="Availability">The route's objective: ratio of requests that succeed.</param>
/// <param name="LatencyP99Seconds">The route's objective.</param>
/// <param name="Uses">Dependencies behind the route, by name.</param>
/// <param name="Requires">Those of them that the service needs as <c>required</c>.</param>
internal sealed record LoadStream(
    string Name,
    string Role,
    string Route,
    string Service,
    string Method,
    string Path,
    bool Idempotent,
    string Priority,
    int? ExpectedStatus,
    double TimeoutSeconds,
    double Availability,
    double LatencyP99Seconds,
    ImmutableArray<string> Uses,
    ImmutableArray<string> Requires)
{
    public static class Roles
    {
        /// <summary>The ordinary traffic: the objectives are asked of it.</summary>
        public const string Load = "load";

        /// <summary>The one client that asks for too much; its own refusals are right.</summary>
        public const string Greedy = "greedy";

        /// <summary>What exceeds the capacity on purpose.</summary>
        public const string Flood = "flood";
    }

    /// <summary>Whether the client got what the route promises; a request that was cut off is neither: ask <see cref="Sample.Fate"/> first.</summary>
    public bool IsGood(in Sample sample) =>
        sample.Fate == Fate.Answered && (ExpectedStatus is { } status ? sample.Status == status : sample.Status is >= 100 and < 400);
}
