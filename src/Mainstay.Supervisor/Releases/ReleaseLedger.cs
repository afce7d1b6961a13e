using System.Collections.Immutable;

namespace Mainstay.Supervisor.Releases;

/// <summary>What is remembered about a service's releases beside the releases themselves.</summary>
/// <param name="Current">The release that replicas run; 0 before the first.</param>
/// <param name="Last">The highest number ever given: numbers are not used twice.</param>
/// <param name="Declared">Fingerprint of the spec that the manifest held when <paramref name="Current"/> was chosen: while it stays the same, the next start goes on with that release, even after a rollback.</param>
/// <param name="Served">Releases that ever served, in the order of their numbers: where a rollback may go.</param>
internal sealed record ReleaseLedger(int Current, int Last, string? Declared, ImmutableSortedSet<int> Served)
{
    public static ReleaseLedger Empty { get; } = new(0, 0, null, []);
}
