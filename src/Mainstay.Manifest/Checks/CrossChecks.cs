using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Checks;

/// <summary>What no key can tell by itself. Impossible things are errors, suspicious ones warnings.</summary>
internal static class CrossChecks
{
    private static readonly Action<Draft, FindingList>[] All =
    [
        ServiceKinds.Check,
        WorkerKeys.Check,
        Replication.Check,
        Files.Check,
        GivenVariables.Check,
        Ports.Check,
        Needs.Check,
        DefaultRoute.Check,
        RouteTargets.Check,
        RouteMatches.Check,
        RoutePaths.Check,
        AttemptBudget.Check,
        Protection.Check,
        DrainTime.Check,
        Uses.Check,
        Exercises.Check,
        ProbeTime.Check,
    ];

    public static void Run(Draft draft, FindingList findings)
    {
        foreach (var check in All)
            check(draft, findings);
    }
}
