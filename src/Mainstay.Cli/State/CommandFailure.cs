namespace Mainstay.Cli.State;

/// <summary>A command cannot go on: what happened and what to do, in one line, and the exit code. Caught in one place, Program.</summary>
internal class CommandFailure(int exit, string message, IReadOnlyList<string>? lastLines = null) : Exception(message)
{
    public int Exit => exit;

    /// <summary>The last output of the replica that is to blame; empty if none is.</summary>
    public IReadOnlyList<string> LastLines { get; } = lastLines ?? [];

    public static CommandFailure Failed(string message, IReadOnlyList<string>? lastLines = null) => new(ExitCodes.Failed, message, lastLines);

    public static CommandFailure Usage(string message) => new(ExitCodes.Usage, message);
}
