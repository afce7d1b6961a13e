using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Terminal;

/// <summary>Every line of a replica goes into the memory behind <c>logs</c> and, with its name in front, to the terminal.</summary>
internal sealed class ReplicaOutput(LogMemory memory, QueuedTerminal terminal) : IReplicaOutput
{
    private readonly Prefix _prefix = new();

    public void Write(string service, OutputLine line, LinePosition position)
    {
        // What an earlier core remembered but could not show any more comes once more.
        if (!position.IsKnown || memory.LastPosition(service, position.Stream) is not { } last || last.End < position.End)
            memory.Write(service, line, position);
        terminal.Chatter(_prefix.Apply(line, terminal.OutStyle), position);
    }

    public void Forget(string service) => memory.Forget(service);
}
