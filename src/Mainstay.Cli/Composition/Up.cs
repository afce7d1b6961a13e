using System.Security.Cryptography;
using Mainstay.Cli.Control;
using Mainstay.Cli.Logs;
using Mainstay.Cli.Notifying;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Contracts.Listening;
using Mainstay.Edge;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Composition;

/// <summary><c>mainstay up</c>, from the first look at the manifest to the last line.</summary>
internal static class Up
{
    /// <summary>For the last lines; a stalled terminal keeps nobody from leaving.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(UpRequest request, TimeProvider time)
    {
        InlineCompletions.Ask();
        var terminal = QueuedTerminal.ForThisProcess();
        try
        {
            var result = request.Command is { } command
                ? ManifestReader.ForCommand(request.Place.Directory, command, request.Replicas)
                : ManifestReader.Read(request.Place.Manifest, Environment.GetEnvironmentVariable);
            terminal.Show(result.Findings);
            return result.Manifest is { } manifest ? await RunAsync(manifest, request, terminal, time) : ExitCodes.Usage;
        }
        catch (Exception failed)
        {
            return terminal.Report(Failures.Explain(failed));
        }
        finally
        {
            await terminal.FlushAsync(LastWords, time);
        }
    }

    private static async Task<int> RunAsync(ManifestSpec manifest, UpRequest request, QueuedTerminal terminal, TimeProvider time)
    {
        var place = request.Place with { Directory = manifest.Directory };
        StateFolder.Create(place.StateDirectory);
        // Kept to the end of the process, not to the end of this method: `stop` waits for it.
        _ = await OnlyOne.TakeAsync(place, time);
        using var logs = new TerminalLogs(terminal);
        using var stopping = new Stopping();
        using var signals = new StopSignals(terminal, stopping, time);
        var memory = new LogMemory(LogMemory.DefaultBytes);
        await using var edge = new EdgeServer(OwnSockets.Instance, time, logs, Seed());
        await using var fleet = new FleetSupervisor(edge.Traffic, new ReplicaOutput(memory, terminal), place.StateDirectory, time, logs, Seed());
        var application = new RunningApplication(
            manifest, edge, fleet, memory, listener => new TerminalProgress(terminal, listener), stopping);
        await using var control = ControlServer.Start(
            ControlAddress.Prepare(place.StateDirectory, Environment.GetEnvironmentVariable), application, time);
        await using var notices = ServiceNotices.Open(Environment.GetEnvironmentVariable, Environment.ProcessId, time, logs);
        try
        {
            await ServeAsync(application, request.Build, terminal, stopping, () => notices.Ready(application.Status, edge.AnswersAsync));
            notices.Stopping();
            await application.StopAllAsync(time);
            return ExitCodes.Done;
        }
        finally
        {
            stopping.Request();
            stopping.Done();
        }
    }

    private static async Task ServeAsync(RunningApplication application, bool build, QueuedTerminal terminal, Stopping stopping, Action ready)
    {
        try
        {
            await application.StartAsync(build);
        }
        catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
        {
            return; // Asked to stop while it started.
        }
        ready();
        terminal.Out(Banner.Of(application.Status(), terminal.OutStyle));
        await stopping.Asked;
    }

    private static int Seed() => RandomNumberGenerator.GetInt32(int.MaxValue);
}
