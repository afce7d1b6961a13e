using Mainstay.Cli.Control;
using Mainstay.Cli.State;
using Mainstay.Keeper.Client;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Composition;

/// <summary>
/// Exchanges this core for a successor: it prepares, we hand over supervision and go on serving what is in flight, it takes over and serves, we
/// leave. Whatever fails before it serves, we go on as before. One at a time.
/// </summary>
/// <param name="link">To the keeper, which starts the successor and passes messages on in order.</param>
/// <param name="fleet">Handed over.</param>
/// <param name="resume">Takes it back.</param>
/// <param name="stopping">Comes first.</param>
internal sealed class Upgrade(KeeperLink link, FleetSupervisor fleet, Action resume, Stopping stopping)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<string?>? _outcome;
    private Task _changing = Task.CompletedTask;

    /// <summary>Handed over with the rest; null until it listens.</summary>
    public ControlServer? Control { get; set; }

    /// <summary>Completes when a successor serves: time to leave.</summary>
    public Task Left => _leave.Task;

    /// <summary>Completes once the successor serves; fails with the reason when it does not, and we go on.</summary>
    public async Task RunAsync(IReadOnlyList<string> program, IProgress progress)
    {
        stopping.RefuseIfStopping();
        TaskCompletionSource<string?> outcome;
        lock (_lock)
        {
            if (_outcome is not null)
                throw CommandFailure.Failed("another upgrade is running");
            outcome = _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            using var still = await fleet.HoldStillAsync("upgrade", progress, stopping.Token);
            progress.Say("starting the new core");
            link.Upgrade([.. program]);
            if (await OutcomeAsync(outcome) is { } why)
                throw CommandFailure.Failed($"not upgraded: {why}; the running core goes on");
            progress.Say("the new core serves; this one finishes what is in flight");
        }
        finally
        {
            lock (_lock)
                _outcome = null;
        }
    }

    /// <summary>A stop does not wait for a successor that it makes the keeper give up.</summary>
    private async Task<string?> OutcomeAsync(TaskCompletionSource<string?> outcome)
    {
        await Task.WhenAny(outcome.Task, stopping.Asked);
        return outcome.Task.IsCompleted ? await outcome.Task : "Mainstay is stopping";
    }

    /// <summary>The successor is prepared. A stop that has begun is not handed over.</summary>
    public void HandOver()
    {
        if (!stopping.Asked.IsCompleted)
            Next(HandOverAsync);
    }

    /// <summary>The successor did not serve: what was handed over is ours again.</summary>
    public void TakeBack() => Next(() =>
    {
        resume();
        Control?.Accept();
        return Task.CompletedTask;
    });

    public void Succeeded()
    {
        End(null);
        _leave.TrySetResult();
    }

    public void Failed(string why) => End(why);

    private async Task HandOverAsync()
    {
        if (Control is { } control)
            await control.LeaveAsync();
        await fleet.LeaveAsync();
        await link.HandOverAsync();
    }

    private void End(string? why)
    {
        lock (_lock)
            _outcome?.TrySetResult(why);
    }

    /// <summary>Messages come in order, and what they ask for is done in order.</summary>
    private void Next(Func<Task> change)
    {
        lock (_lock)
            _changing = AfterAsync(_changing, change);
    }

    private async Task AfterAsync(Task before, Func<Task> change)
    {
        await before;
        try
        {
            await change();
        }
        catch (Exception failed)
        {
            // Half handed over is nothing that could go on: the keeper starts a core that takes everything up as it is.
            Environment.FailFast($"the exchange of cores failed: {failed.Message}");
        }
    }
}
