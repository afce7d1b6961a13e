using Mainstay.Contracts.Control;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Composition;

/// <summary>
/// Progress of an operation, for the client who asked for it. The supervisor tells the terminal what happens by itself; only the output of
/// build commands has to be shown in both places.
/// </summary>
internal sealed class OperationProgress(IProgress client, IProgress terminal) : IProgress
{
    public void Say(string message) => client.Say(message);

    public void Output(OutputLine line)
    {
        client.Output(line);
        terminal.Output(line);
    }
}
