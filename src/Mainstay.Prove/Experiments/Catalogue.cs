using System.Collections.Immutable;

namespace Mainstay.Prove.Experiments;

/// <summary>All experiments, in the order in which they are run: what leaves a fresh application behind comes first.</summary>
internal static class Catalogue
{
    public static ImmutableArray<IExperiment> All { get; } =
    [
        new Baseline(),
        new KillReplica(),
        new KillMainstay(),
        new UpgradeMainstay(),
        new RollingRestart(),
        new FreezeReplica(),
        new KillAll(),
        new NoisyClient(),
        new Malformed(),
        new SlowClients(),
        new Descriptors(),
        new DependencySlow(),
        new DependencyReset(),
        new DependencyFlaky(),
        new DependencyDown(),
        new DependencyBlackhole(),
        new Overload(),
        new BadRelease(),
        new SharedState(),
        new CpuBlock(),
        new DependencyLate(),
        new DiskFull(),
        new MemoryLeak(),
        new CrashLoop(),
    ];

    /// <summary>With a user's own, which come right after the baseline: the budget has room for them before all others.</summary>
    public static ImmutableArray<IExperiment> With(IEnumerable<IExperiment> own) => [All[0], .. own, .. All.Skip(1)];
}
