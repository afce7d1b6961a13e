using Mainstay.Cli.Keeping;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Keeper.Client;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Composition;

/// <summary><c>mainstay up</c>, from the first look at the manifest to the last line.</summary>
internal static class Up
{
    /// <summary>For the last lines; a stalled terminal keeps nobody from leaving.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>In this process alone: where no keeper can be had.</summary>
    public static Task<int> RunAsync(UpRequest request, TimeProvider time) => WithTerminalAsync(time, async terminal =>
    {
        using var stopping = new Stopping();
        using var signals = new StopSignals(terminal, stopping, time);
        await using var backing = new OwnBacking(time, Warn(terminal));
        return Read(request, terminal) is { } manifest
            ? await new CoreRun(backing, terminal, stopping, time).StartAsync(manifest, request.Build) ?? ExitCodes.Done
            : ExitCodes.Usage;
    });

    /// <summary>As a keeper's core. Null: another core has taken its place.</summary>
    /// <param name="link">To the keeper.</param>
    /// <param name="arguments">The command line; read only when there is nothing to go on with.</param>
    /// <param name="time">The clock.</param>
    public static async Task<int?> RunAsync(KeeperLink link, string[] arguments, TimeProvider time)
    {
        int? exit = null;
        var shown = await WithTerminalAsync(time, async terminal =>
        {
            using var stopping = new Stopping();
            using var signals = new IgnoredSignals();
            var wishes = new CoreWishes(terminal, stopping);
            await link.GreetAsync(wishes, time, Warn(terminal));
            exit = await RunAsync(link, wishes, arguments, terminal, stopping, time);
            return ExitCodes.Done;
        });
        return shown == ExitCodes.Done ? exit : shown;
    }

    private static async Task<int?> RunAsync(
        KeeperLink link, CoreWishes wishes, string[] arguments, QueuedTerminal terminal, Stopping stopping, TimeProvider time)
    {
        await using var backing = new KeptBacking(link);
        var run = new CoreRun(backing, terminal, stopping, time) { Link = link, Wishes = wishes };
        if (RunningNote.Read(link) is { } running)
            return await run.GoOnAsync(running);
        int? exit = null;
        var shown = await CommandLine.RunAsync(arguments, terminal, time, async request =>
        {
            exit = Read(request, terminal) is { } manifest ? await run.StartAsync(manifest, request.Build) : ExitCodes.Usage;
            return exit ?? ExitCodes.Done;
        });
        return shown == ExitCodes.Done ? exit : shown;
    }

    private static ManifestSpec? Read(UpRequest request, QueuedTerminal terminal)
    {
        var result = request.Command is { } command
            ? ManifestReader.ForCommand(request.Place.Directory, command, request.Replicas)
            : ManifestReader.Read(request.Place.Manifest, Environment.GetEnvironmentVariable);
        terminal.Show(result.Findings);
        return result.Manifest;
    }

    private static async Task<int> WithTerminalAsync(TimeProvider time, Func<QueuedTerminal, Task<int>> run)
    {
        RuntimeSwitches.Ask();
        var terminal = QueuedTerminal.ForThisProcess();
        try
        {
            return await run(terminal);
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

    /// <summary>Tells of what Mainstay itself cannot do, without stopping for it.</summary>
    public static Action<string> Warn(QueuedTerminal terminal) =>
        line => terminal.Error($"{terminal.ErrorStyle.Bold("mainstay |")} {terminal.ErrorStyle.Warn(line)}");
}
