using Mainstay.Contracts.Launching;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Rollout;

/// <summary>
/// Goes on with the processes of one service that an earlier supervisor left. What it had begun and not finished is taken back: in the end
/// there are as many replicas of the current release as there should be, and no others.
/// </summary>
internal sealed class Recovery(ServiceFleet fleet, ReleaseStore store)
{
    private readonly List<Replica> _leaving = [];
    private readonly HashSet<Replica> _wereReady = [];

    /// <summary>Takes over what runs; at once, so that traffic goes on.</summary>
    public void Adopt(IEnumerable<(IKeptProcess Process, ReplicaLabel Label)> processes)
    {
        foreach (var (process, label) in processes)
        {
            var isStopping = label.Stage == LifeStage.Stopping;
            var replica = fleet.Adopt(ReleaseOf(label.Release), process, label, isStopping);
            if (isStopping)
                _leaving.Add(replica);
            if (label.Stage == LifeStage.Ready)
                _wereReady.Add(replica);
        }
    }

    /// <summary>Makes of it what should be; the caller began an operation at the fleet's gate.</summary>
    public async Task CompleteAsync(CancellationToken cancel)
    {
        await Task.WhenAll(_leaving.Select(fleet.RemoveAsync));
        var replicas = fleet.Replicas;
        var current = fleet.Current!;
        var strangers = replicas.Where(replica => replica.Release.Number != current.Number).ToList();
        var own = replicas.Except(strangers).OrderByDescending(IsOrWasReady).ThenBy(replica => replica.Name.Length).ThenBy(replica => replica.Name, StringComparer.Ordinal).ToList();
        var missing = fleet.Wanted - own.Count;
        if (strangers.Count > 0)
            fleet.Say($"{fleet.Name}: a rollout was interrupted; going back to release {current.Number}");
        if (fleet.Spec.MustNotOverlap())
        {
            using var hold = missing > 0 ? fleet.World.Traffic.Hold(fleet.Name) : null;
            await RemoveAsync(strangers);
            await AddAsync(missing, cancel);
        }
        else
        {
            await AddAsync(missing, cancel);
            await RemoveAsync(strangers);
        }

        if (own.Count > fleet.Wanted)
            await SettledAsync(own.Take(fleet.Wanted), cancel);
        await RemoveAsync(own.Skip(fleet.Wanted));
    }

    /// <summary>What was ready when it was left has not been looked at yet by this supervisor.</summary>
    private bool IsOrWasReady(Replica replica) => replica.State.IsReady || (_wereReady.Contains(replica) && replica.State.Lapses == 0);

    private Release ReleaseOf(int number) =>
        number == fleet.Current!.Number ? fleet.Current : store.Find(number) ?? fleet.Current with { Number = number };

    private Task RemoveAsync(IEnumerable<Replica> replicas) => Task.WhenAll(replicas.Select(fleet.RemoveAsync));

    private async Task AddAsync(int count, CancellationToken cancel)
    {
        var added = Enumerable.Range(0, Math.Max(0, count)).Select(_ => fleet.Add(fleet.Current!)).ToList();
        await SettledAsync(added, cancel);
    }

    /// <summary>Waits for each to be ready, or to have failed once: then the restart rule goes on with it.</summary>
    private static async Task SettledAsync(IEnumerable<Replica> replicas, CancellationToken cancel)
    {
        foreach (var replica in replicas)
            await replica.WaitAsync(now => now.IsReady || now.Lapses > 0 || now.Phase == ReplicaPhase.Stopped, cancel);
    }
}
