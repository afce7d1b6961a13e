using Mainstay.Contracts.Control;
using Mainstay.Supervisor.Launching;
using Mainstay.Supervisor.Restarting;

namespace Mainstay.Supervisor.Replicas;

/// <summary>Passes a replica's lines on and keeps the last of them.</summary>
internal sealed class ReplicaSink(string service, IReplicaOutput output, TimeProvider time) : IOutputSink
{
    public LastLines Last { get; } = new();

    public void Write(string source, string line, bool isError)
    {
        Last.Add(line);
        output.Write(service, new OutputLine(source, time.GetUtcNow(), line, isError));
    }
}
