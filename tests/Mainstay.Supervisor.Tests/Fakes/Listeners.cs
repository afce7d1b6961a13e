using System.Collections.Concurrent;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;

namespace Mainstay.Supervisor.Tests.Fakes;

/// <summary>Keeps what is said.</summary>
internal sealed class Progress : IProgress
{
    public ConcurrentQueue<string> Said { get; } = new();

    public ConcurrentQueue<OutputLine> Lines { get; } = new();

    public void Say(string message) => Said.Enqueue(message);

    public void Output(OutputLine line) => Lines.Enqueue(line);
}

internal sealed class Output : IReplicaOutput
{
    public ConcurrentQueue<OutputLine> Lines { get; } = new();

    public ConcurrentQueue<string> Forgotten { get; } = new();

    public void Write(string service, OutputLine line, LinePosition position) => Lines.Enqueue(line);

    public void Forget(string service) => Forgotten.Enqueue(service);
}
