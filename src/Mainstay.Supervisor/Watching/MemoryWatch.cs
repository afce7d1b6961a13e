using System.Runtime.CompilerServices;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Rollout;

namespace Mainstay.Supervisor.Watching;

/// <summary>
/// Looks at the memory of one service's replicas and replaces, one at a time and make before break, those that come near their limit; those that are far
/// over it are ended.
/// </summary>
internal sealed class MemoryWatch(ServiceFleet fleet)
{
    /// <summary>Without a limit, memory is only shown: it is looked at more rarely, for to look costs the kernel some work.</summary>
    private const int RareTicks = 5;

    private readonly ReplacementPolicy _policy = new(fleet.World.Time);
    private readonly ConditionalWeakTable<Replica, EndingPolicy> _endings = new();
    private Task _replacement = Task.CompletedTask;
    private int _tick;

    /// <summary>Called about every second, by one loop.</summary>
    public void Look()
    {
        var replicas = fleet.Replicas;
        if (replicas.All(replica => replica.MemoryLimit is null) && _tick++ % RareTicks != 0)
            return;
        var groups = replicas.Select(replica => replica.State.Group).ToList();
        var memory = fleet.World.Tree.MemoryOf([.. groups.OfType<int>()]);
        var serving = replicas.Count(replica => replica.IsServing);
        foreach (var (replica, group) in replicas.Zip(groups))
        {
            replica.Memory = group is { } leader && memory?.TryGetValue(leader, out var bytes) == true ? bytes : null;
            if (group is not { } process || replica.Memory is not { } used || replica.MemoryLimit is not { } most)
                continue;
            var serves = replica.IsServing;
            var ending = _endings.GetValue(replica, _ => new(fleet.World.Time));
            if (ending.IsFarOver(used, most, othersServe: serving > (serves ? 1 : 0)))
            {
                if (!replica.Condemn(process, $"over its memory: {used >> 20} MiB of {most >> 20} MiB"))
                    continue;
                ending.Ended();
                serving -= serves ? 1 : 0;
            }
            else if (replica.State.IsReady && ReplacementPolicy.IsOver(used, most))
                Replace(replica, used, most);
        }
    }

    /// <summary>Completes when a replacement under way has ended; the fleet's closing cancels it.</summary>
    public Task EndAsync() => _replacement;

    private void Replace(Replica replica, long used, long limit)
    {
        if (!_replacement.IsCompleted || !_policy.MayReplace || fleet.Gate.TryBegin("replacement") is not { } operation)
            return;
        var reason = $"uses {used >> 20} MiB of its {limit >> 20} MiB: being replaced";
        replica.Note(reason);
        fleet.Say($"{replica.Name} {reason}");
        _replacement = ReplaceAsync(replica, operation);
    }

    private async Task ReplaceAsync(Replica replica, Operation operation)
    {
        using (operation)
        {
            try
            {
                fleet.Note($"replacing {replica.Name}: {replica.State.Reason}");
                await new Roll(fleet, replica.Release, operation.Token).ReplaceOneAsync(replica);
                fleet.Note(null);
            }
            catch (RolloutException failure)
            {
                replica.Note(null);
                var message = $"replacing {replica.Name} failed: {failure.Message}";
                fleet.Note(message);
                fleet.Say($"{fleet.Name}: {message}");
            }
            catch (OperationCanceledException)
            {
                replica.Note(null); // A user's operation, or the end of Mainstay, came first.
                fleet.Note(null);
            }
            catch (Exception bug)
            {
                fleet.World.Log.ReplacementFailed(bug, replica.Name);
            }
            _policy.Replaced();
        }
    }
}
