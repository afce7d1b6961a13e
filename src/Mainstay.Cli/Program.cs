using Mainstay.Cli.Composition;
using Mainstay.Cli.Keeping;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Keeper.Client;
using Mainstay.Keeper.Keeping;

namespace Mainstay.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            await Console.Error.WriteLineAsync("mainstay: Windows is not supported: Mainstay needs process groups, signals and Unix sockets; run it under WSL 2");
            return ExitCodes.Failed;
        }

        LastResort.Register();
        if (KeeperLink.Find(Environment.GetEnvironmentVariable) is { } link)
            return await RunCoreAsync(link, arguments);
        // What was meant to be a core must not become a keeper.
        if (KeeperLink.IsOrphan(Environment.GetEnvironmentVariable))
            return ExitCodes.Failed;
        // Before anything else is loaded: the keeper must stay small.
        if (OperatingSystem.IsLinux() && KeeperRoute.IsUp(arguments))
            return await KeeperProgram.RunAsync(OwnProgram.Words, arguments, TimeProvider.System);
        var terminal = DirectTerminal.ForThisProcess();
        // Before anything loads the parser: scripts ask this often.
        if (arguments is ["--version"])
            return terminal.Out(CommandLine.Version) ? ExitCodes.Done : ExitCodes.Failed;
        try
        {
            return await CommandLine.RunAsync(arguments, terminal, TimeProvider.System, request => Up.RunAsync(request, TimeProvider.System));
        }
        catch (Exception failed)
        {
            return terminal.Report(Failures.Explain(failed));
        }
    }

    private static async Task<int> RunCoreAsync(KeeperLink link, string[] arguments)
    {
        OwnProgram.MarkInUse();
        var exit = await Up.RunAsync(link, arguments, TimeProvider.System);
        if (exit is { } code)
            link.End(code);
        return exit ?? ExitCodes.Done;
    }
}
