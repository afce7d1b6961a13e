using System.Collections.Immutable;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>All experiments, one after the other, in one laboratory.</summary>
/// <param name="lab">Not started yet.</param>
/// <param name="order">What is wanted.</param>
/// <param name="proxies">In front of dependencies, by name; no fault in force.</param>
/// <param name="guard">Undoes what is under way if this process is killed.</param>
/// <param name="progress">Told how it goes.</param>
/// <param name="time">The clock.</param>
internal sealed class ProveRun(
    Laboratory lab, ProveOrder order, ImmutableDictionary<string, FaultProxy> proxies, UndoGuard guard, IProveProgress progress, TimeProvider time)
{
    /// <summary>Histories in the order of the plan, those that the budget does not allow at the end; what was left out and why.</summary>
    /// <exception cref="LabException">The application cannot be experimented with.</exception>
    public async Task<ProveOutcome> RunAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        try
        {
            await lab.StartAsync(cancel);
        }
        catch (LabException never) when (never.IsListening && order.Wants<Baseline>())
        {
            // It is put on the record like anything else that it does not keep.
            return await NeverReadyAsync(never.Message, cancel);
        }
        using var sizing = new Sizing(lab.Edge, time);
        var (sent, silent) = await sizing.TryAsync(order.Scope.Sent, cancel);
        var scope = order.Scope with { Sent = sent };
        var plan = ProvePlan.Of(scope, order.Experiments, order.Only, order.Budget);
        ImmutableArray<LeftOut> left = [.. silent, .. plan.Refused];
        if (plan.Runs.IsEmpty)
            return new([.. plan.Left.Select(run => NotRun(run, scope, Unaffordable(run)))], left);
        var level = await sizing.MeasureAsync(sent, cancel);
        progress.Measured(level);
        var ahead = plan.Runs.Sum(run => run.Length.Ticks);
        var bench = new Workbench(lab, scope, level, proxies, guard, order.Seed)
        {
            Spare = () => order.Budget - time.GetElapsedTime(began) - new TimeSpan(ahead),
        };
        var histories = ImmutableArray.CreateBuilder<History>();
        for (var i = 0; i < plan.Runs.Length; i++)
        {
            var run = plan.Runs[i];
            ahead -= run.Length.Ticks;
            if (time.GetElapsedTime(began) + run.Length > order.Budget && i > 0)
            {
                histories.Add(NotRun(run, scope, Unaffordable(run)));
                continue;
            }
            progress.Begins(run, i + 1, plan.Runs.Length);
            var (history, inapplicable) = await RunAsync(bench, run, cancel);
            if (inapplicable is not null)
            {
                progress.LeftOut(run, inapplicable);
                left = left.Add(new(run.Title, inapplicable));
                continue;
            }
            progress.Ended(run, history);
            histories.Add(history);
        }
        histories.AddRange(plan.Left.Select(run => NotRun(run, scope, Unaffordable(run))));
        return new(histories.DrainToImmutable(), left);
    }

    private async Task<ProveOutcome> NeverReadyAsync(string why, CancellationToken cancel)
    {
        var bench = new Workbench(lab, order.Scope, LoadLevel.OfNothing, proxies, guard, order.Seed);
        var plan = ProvePlan.Of(order.Scope, order.Experiments, order.Only, order.Budget);
        var histories = ImmutableArray.CreateBuilder<History>();
        foreach (var run in plan.Runs)
            histories.Add(run.Experiment is Baseline ? (await RunAsync(bench, run, cancel)).History : NotRun(run, order.Scope, why));
        histories.AddRange(plan.Left.Select(run => NotRun(run, order.Scope, Unaffordable(run))));
        return new(histories.DrainToImmutable(), [.. plan.Refused, new("everything but the baseline", why)]);
    }

    private async Task<(History History, string? Inapplicable)> RunAsync(Workbench bench, PlannedRun run, CancellationToken cancel)
    {
        try
        {
            await lab.FreshAsync(cancel);
        }
        catch (LabException failed)
        {
            // What the others have shown is not lost by it.
            lab.IsSoiled = true;
            return (NotRun(run, bench.Scope, failed.Message), null);
        }
        await using var course = new Course(bench with { Scope = run.Experiment.Narrow(bench.Scope) }, run, new RecordingClock(time));
        try
        {
            await run.Experiment.RunAsync(course, cancel);
            if (!lab.IsSoiled && !await course.FullAsync(TimeSpan.FromSeconds(15), cancel))
                lab.IsSoiled = true;
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            // Neither passed nor failed: what it had recorded until then is kept.
            course.Trouble($"the experiment itself failed: {failed.GetType().Name}: {failed.Message.ReplaceLineEndings(" ")}");
            lab.IsSoiled = true;
        }
        finally
        {
            foreach (var proxy in proxies.Values)
                proxy.Clear();
            await course.EndAsync();
        }
        return (course.Close(), course.Inapplicable);
    }

    /// <summary>An entry in the report all the same: what was not run has not been shown.</summary>
    private History NotRun(PlannedRun run, Scope scope, string why)
    {
        var recorder = new Recorder(new RecordingClock(time), scope.Sent);
        recorder.Happened(Happening.Kinds.Trouble, run.Subject, $"not run: {why}");
        return recorder.Close(run.Experiment.Name, run.Subject, run.Experiment.Pillar, order.Seed);
    }

    private string Unaffordable(PlannedRun run) =>
        $"it takes about {run.Length.TotalSeconds:0} s, more than is left of the budget of {order.Budget.TotalSeconds:0} s";
}

/// <param name="Scope">What there is.</param>
/// <param name="Experiments">All there are.</param>
/// <param name="Only">Names of those wanted; empty: all.</param>
/// <param name="Budget">For everything.</param>
/// <param name="Seed">Of all chance.</param>
internal sealed record ProveOrder(Scope Scope, ImmutableArray<IExperiment> Experiments, ImmutableArray<string> Only, TimeSpan Budget, ulong Seed)
{
    public bool Wants<T>() where T : IExperiment => Experiments.OfType<T>().Any(experiment => Only.IsEmpty || Only.Contains(experiment.Name));
}

/// <param name="Histories">To be judged.</param>
/// <param name="LeftOut">What was not done, and why.</param>
internal sealed record ProveOutcome(ImmutableArray<History> Histories, ImmutableArray<LeftOut> LeftOut);
