using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Storms.Contenders;

namespace Mainstay.Prove.Storms;

/// <summary>Does to a contender what an act says, and looks whether it happened. What lasts is over when it returns.</summary>
/// <param name="contender">To whom.</param>
/// <param name="dependency">Its own.</param>
/// <param name="guard">Lets frozen processes go on.</param>
/// <param name="chance">Whom it meets.</param>
/// <param name="time">The clock.</param>
internal sealed class StormStage(IContender contender, StormDependency dependency, UndoGuard guard, Random chance, TimeProvider time)
{
    /// <summary>A deploy that takes longer than that is left to itself.</summary>
    private static readonly TimeSpan DeployPatience = TimeSpan.FromSeconds(30);

    /// <exception cref="InvalidOperationException">An overload is the load's to play.</exception>
    public Task<(string What, bool Bit)> PlayAsync(StormAct act, CancellationToken cancel) => act.Kind switch
    {
        ActKind.KillOne => KillAsync(all: false, cancel),
        ActKind.KillAll => KillAsync(all: true, cancel),
        ActKind.Freeze => FreezeAsync(act.Lasting, cancel),
        ActKind.Hang => HangAsync(act.Lasting, cancel),
        ActKind.BadRelease => DeployAsync(act.Lasting, cancel),
        ActKind.OwnDeath => KillItselfAsync(),
        _ => throw new InvalidOperationException($"{act.Kind} is not played here"),
    };

    private async Task<(string, bool)> KillAsync(bool all, CancellationToken cancel)
    {
        var workers = await contender.WorkersAsync(cancel);
        if (workers.Count == 0)
            return ("no worker was running that could be killed", false);
        var evidence = await Task.WhenAll((all ? workers : [workers[chance.Next(workers.Count)]]).Select(worker => Kill.RunAsync(new(worker, WholeTree: true), time)));
        return (string.Join("; ", evidence.Select(one => one.What)), evidence.All(one => one.Bit));
    }

    private async Task<(string, bool)> FreezeAsync(TimeSpan lasting, CancellationToken cancel)
    {
        var workers = await contender.WorkersAsync(cancel);
        if (workers.Count == 0)
            return ("no worker was running that could be stopped", false);
        var evidence = await Freeze.RunAsync(new(workers[chance.Next(workers.Count)], WholeTree: true), lasting, guard, time, cancel);
        return (evidence.What, evidence.Bit);
    }

    private async Task<(string, bool)> HangAsync(TimeSpan lasting, CancellationToken cancel)
    {
        dependency.Hang();
        try
        {
            await Task.Delay(lasting, time, cancel);
        }
        finally
        {
            dependency.GoOn();
        }
        return ("the dependency answered nothing", true);
    }

    private async Task<(string, bool)> DeployAsync(TimeSpan lasting, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(DeployPatience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            var bad = contender.DeployAsync(good: false, limit.Token);
            await Task.WhenAll(bad, Task.Delay(lasting, time, cancel));
            return ($"{await bad}; then the old release again: {await contender.DeployAsync(good: true, limit.Token)}", true);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ($"a deploy had not ended after {DeployPatience.TotalSeconds:0} s", false);
        }
    }

    private async Task<(string, bool)> KillItselfAsync()
    {
        if (contender.Itself is not { } itself)
            return ("there is nothing that watches over the workers, but the system itself", false);
        var evidence = await Kill.RunAsync(new(itself.Process, WholeTree: false), time);
        return ($"{evidence.What}, {itself.Name}", evidence.Bit);
    }
}
