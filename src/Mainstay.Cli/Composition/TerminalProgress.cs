using Mainstay.Cli.Terminal;
using Mainstay.Contracts.Control;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Composition;

/// <summary>Progress in the terminal of <c>up</c>, and to <paramref name="listener"/> if somebody asked for the operation.</summary>
internal sealed class TerminalProgress(QueuedTerminal terminal, IProgress? listener = null) : IProgress
{
    private readonly Prefix _prefix = new();

    public void Say(string message)
    {
        terminal.Out($"{terminal.OutStyle.Bold("mainstay |")} {message}");
        listener?.Say(message);
    }

    public void Output(OutputLine line)
    {
        terminal.Out(_prefix.Apply(line, terminal.OutStyle));
        listener?.Output(line);
    }
}
