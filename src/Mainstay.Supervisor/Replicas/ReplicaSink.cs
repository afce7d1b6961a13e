using Mainstay.Contracts.Control;
using Mainstay.Contracts.Launching;
using Mainstay.Supervisor.Restarting;

namespace Mainstay.Supervisor.Replicas;

/// <summary>Passes a replica's lines on and keeps the last of them.</summary>
internal sealed class ReplicaSink(string service, IReplicaOutput output) : IOutputSink
{
    public LastLines Last { get; } = new();

    public void Write(in ProcessLine line)
    {
        Last.Add(line.Text);
        output.Write(service, new OutputLine(line.Source, line.At, line.Text, line.IsError), line.Position);
    }
}
