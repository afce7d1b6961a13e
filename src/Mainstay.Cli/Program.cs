using Mainstay.Cli.Composition;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;

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
        var terminal = DirectTerminal.ForThisProcess();
        // Before anything loads the parser: scripts ask this often.
        if (arguments is ["--version"])
            return terminal.Out(CommandLine.Version) ? ExitCodes.Done : ExitCodes.Failed;
        try
        {
            return await CommandLine.RunAsync(arguments, terminal, TimeProvider.System);
        }
        catch (Exception failed)
        {
            return terminal.Report(Failures.Explain(failed));
        }
    }
}
