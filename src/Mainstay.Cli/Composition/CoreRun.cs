using System.Security.Cryptography;
using Mainstay.Cli.Control;
using Mainstay.Cli.Keeping;
using Mainstay.Cli.Logs;
using Mainstay.Cli.Notifying;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Edge;
using Mainstay.Keeper.Client;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Composition;

/// <summary>One core's run: everything is put together here, served, and stopped, or left to another core. Used once.</summary>
internal sealed class CoreRun(IBacking backing, QueuedTerminal terminal, Stopping stopping, TimeProvider time)
{
    /// <summary>To the keeper; null without one.</summary>
    public KeeperLink? Link { get; init; }

    /// <summary>With <see cref="Link"/>.</summary>
    public CoreWishes? Wishes { get; init; }

    /// <summary>The first start. The exit code; null: another core has taken over.</summary>
    public Task<int?> StartAsync(ManifestSpec manifest, bool build) =>
        RunAsync(new(manifest, HasStarted: false), application => StartAsync(application, build));

    /// <summary>Goes on with what an earlier core ran, or takes the place of one that still serves.</summary>
    public async Task<int?> GoOnAsync(RunningNote running)
    {
        if (Link is not { IsSuccessor: true } link)
            return await RunAsync(running, application => running.HasStarted ? ResumeAsync(application) : StartAsync(application, build: false));
        if (!await WarmUp.SucceedsAsync(running.Manifest, time))
            throw CommandFailure.Failed("the new core does not answer a request of its own");
        link.Prepared();
        await Wishes!.MayTakeOver;
        return await RunAsync(RunningNote.Read(link) ?? running, ResumeAsync);
    }

    private static async Task StartAsync(RunningApplication application, bool build)
    {
        await application.StartAsync(build);
        CodeAhead.Load();
    }

    private async Task ResumeAsync(RunningApplication application)
    {
        await application.ResumeAsync();
        // Those of a deploy that nobody finished: clients would wait in them for ever.
        backing.CloseUnusedListeners();
    }

    private async Task<int?> RunAsync(RunningNote running, Func<RunningApplication, Task> start)
    {
        var manifest = running.Manifest;
        var place = Place.Of(manifest.Directory);
        // Told once, not by every core.
        if (StateFolder.Create(place.StateDirectory) is { } limited && !running.HasStarted)
            Up.Warn(terminal)(limited);
        // Kept to the end of the process, not to the end of this method: `stop` waits for it.
        await OnlyOne.TakeAsync(place, backing, time);
        await backing.SettleAsync(place.StateDirectory);
        terminal.Shown = backing.Receipts.Taken;
        using var logs = new TerminalLogs(terminal);
        var memory = new LogMemory(LogMemory.DefaultBytes, backing.Files, logs.CreateLogger("Mainstay.Cli.Logs"));
        memory.Recover(manifest.Services.Select(service => service.Name));
        await using var edge = new EdgeServer(backing.Sockets, time, logs, RandomNumberGenerator.GetInt32(int.MaxValue));
        var alone = Link is null or { IsAlone: true } ? Task.CompletedTask : AloneAsync(manifest);
        await using var fleet = new FleetSupervisor(
            backing.Launcher, new SharedTraffic(edge.Traffic, alone, time), new ReplicaOutput(memory, terminal), backing.Notes, place.StateDirectory, logs);
        var application = new RunningApplication(running, edge, fleet, memory, listener => new TerminalProgress(terminal, listener), stopping)
        {
            Pid = backing.Pid,
            Notes = backing.Notes,
            Alone = alone,
            StopAsked = Link is null ? null : Link.StopAsked,
        };
        var upgrade = Link is { } link ? new Upgrade(link, fleet, application.TakeBack, stopping) : null;
        application.Upgrade = upgrade;
        await using var control = ControlServer.Start(
            ControlAddress.Prepare(place.StateDirectory, Environment.GetEnvironmentVariable), application, backing.Descriptors, time);
        await using var notices = ServiceNotices.Open(backing, Environment.GetEnvironmentVariable, time, logs);
        if (upgrade is not null)
        {
            upgrade.Control = control;
            Wishes!.BecomeExchangeable(upgrade);
        }

        try
        {
            if (await ServeAsync(application, start, () => Serving(application, running, notices, edge), upgrade))
            {
                notices.Leaving();
                await application.LeaveAsync();
                return null;
            }

            notices.Stopping();
            await application.StopAllAsync(time);
            return ExitCodes.Done;
        }
        catch when (running.HasStarted && !stopping.Asked.IsCompleted)
        {
            // What ran before this core runs on for the next one.
            await fleet.AbandonAsync();
            throw;
        }
        finally
        {
            stopping.Request();
            stopping.Done();
        }
    }

    /// <summary>Completes when no other core has requests on the replicas, or should not have any more.</summary>
    private async Task AloneAsync(ManifestSpec manifest) =>
        await Task.WhenAny(Wishes!.Alone, Task.Delay(StopTimes.LongestDrain(manifest) + StopTimes.LongestGrace(manifest), time));

    private void Serving(RunningApplication application, RunningNote running, ServiceNotices notices, EdgeServer edge)
    {
        notices.Ready(application.Status, edge.AnswersAsync);
        backing.Serving();
        // It has taken over only what has to be drained.
        if (running.HasStarted && stopping.Asked.IsCompleted)
            return;
        var status = application.Status();
        terminal.Out(running.HasStarted ? Banner.Again(status, terminal.OutStyle) : Banner.Of(status, terminal.OutStyle));
    }

    /// <summary>True: another core has taken over. False: asked to stop.</summary>
    private async Task<bool> ServeAsync(RunningApplication application, Func<RunningApplication, Task> start, Action serving, Upgrade? upgrade)
    {
        try
        {
            await start(application);
        }
        catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
        {
            return false; // Asked to stop while it started.
        }

        serving();
        using var over = new CancellationTokenSource();
        var ahead = CodeAhead.LoadLaterAsync(time, over.Token);
        var left = upgrade?.Left ?? Task.Delay(Timeout.InfiniteTimeSpan, time);
        await Task.WhenAny(stopping.Asked, left);
        await over.CancelAsync();
        await ahead;
        return left.IsCompleted;
    }
}
