using Mainstay.Cli.State;

namespace Mainstay.Cli.Terminal;

/// <summary>How failures look.</summary>
internal static class Reporting
{
    /// <summary>The reason in one line on standard error, the last lines of the replica to blame under it. Returns the exit code.</summary>
    public static int Report(this ITerminal terminal, CommandFailure failure)
    {
        terminal.Error($"{terminal.ErrorStyle.Bad("mainstay:")} {failure.Message}");
        foreach (var line in failure.LastLines)
            terminal.Error($"    {terminal.ErrorStyle.Foreign(line)}");
        return failure.Exit;
    }
}
