using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Rollout;

/// <summary>
/// Exchanges a service's replicas for ones of a release, one at a time. It either succeeds, or the old replicas serve again in full number
/// and the new ones are gone. Used once.
/// </summary>
internal sealed class Roll(ServiceFleet fleet, Release release, CancellationToken cancel)
{
    private readonly Trial _trial = new(fleet.World.Traffic, fleet.World.Time);
    private readonly bool _stopsFirst = release.Spec.MustNotOverlap() || fleet.Spec.MustNotOverlap();
    private readonly List<Replica> _added = [];
    private readonly List<Release> _gone = [];

    /// <summary>All the replicas that run now go; so many of the release come.</summary>
    public Task ReplaceAllAsync(int wanted) => AllOrNothingAsync(async () =>
    {
        var old = fleet.Replicas.OrderBy(replica => replica.State.IsReady).ToList();
        foreach (var replica in old.Take(wanted))
            await ReplaceAsync(replica);
        await SurgeAsync(wanted - old.Count);
        foreach (var surplus in old.Skip(wanted))
            await RetireAsync(surplus);
    });

    public Task ReplaceOneAsync(Replica old) => AllOrNothingAsync(() => ReplaceAsync(old));

    /// <summary>So many more, all at once.</summary>
    public Task AddAsync(int count) => AllOrNothingAsync(() => SurgeAsync(count));

    /// <summary>Make before break, or, where two must never run at once, break before make while the edge holds requests.</summary>
    private async Task ReplaceAsync(Replica old)
    {
        if (_stopsFirst)
        {
            using (fleet.World.Traffic.Hold(fleet.Name))
            {
                await RetireAsync(old);
                await _trial.BecomeReadyAsync(Add(), cancel);
            }
            await _trial.StayReadyAsync(_added[^1], release.Spec.Deploy.ReadyFor, cancel);
            return;
        }
        var fresh = Add();
        await _trial.BecomeReadyAsync(fresh, cancel);
        await _trial.StayReadyAsync(fresh, release.Spec.Deploy.ReadyFor, cancel);
        await RetireAsync(old);
    }

    private async Task SurgeAsync(int count)
    {
        var fresh = Enumerable.Range(0, Math.Max(0, count)).Select(_ => Add()).ToList();
        await Task.WhenAll(fresh.Select(replica => _trial.BecomeReadyAsync(replica, cancel)));
        await Task.WhenAll(fresh.Select(replica => _trial.StayReadyAsync(replica, release.Spec.Deploy.ReadyFor, cancel)));
    }

    private Replica Add()
    {
        cancel.ThrowIfCancellationRequested();
        var fresh = fleet.Add(release);
        _added.Add(fresh);
        return fresh;
    }

    private async Task RetireAsync(Replica old)
    {
        cancel.ThrowIfCancellationRequested();
        _gone.Add(old.Release);
        await fleet.RemoveAsync(old);
    }

    private async Task AllOrNothingAsync(Func<Task> exchange)
    {
        try
        {
            await exchange();
        }
        catch when (!fleet.IsClosing)
        {
            await UndoAsync();
            throw;
        }
    }

    /// <summary>Not cancelled by the caller: an exchange is never left half done.</summary>
    private async Task UndoAsync()
    {
        if (_added.Count + _gone.Count > 0)
            fleet.Say($"{fleet.Name}: taking back release {release.Number}");
        if (_stopsFirst)
        {
            using var hold = _gone.Count > 0 ? fleet.World.Traffic.Hold(fleet.Name) : null;
            await RemoveAddedAsync();
            await RestoreAsync();
            return;
        }
        await RestoreAsync();
        await RemoveAddedAsync();
    }

    private Task RemoveAddedAsync() => Task.WhenAll(_added.Select(fleet.RemoveAsync));

    /// <summary>Starts what went before; waits for each to be ready, or to have failed once: then the restart rule goes on with it.</summary>
    private async Task RestoreAsync()
    {
        var restored = _gone.Select(fleet.Add).ToList();
        foreach (var replica in restored)
            await replica.WaitAsync(now => now.IsReady || now.Lapses > 0 || now.Phase == ReplicaPhase.Stopped, CancellationToken.None);
    }
}
