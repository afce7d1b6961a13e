using Mainstay.Contracts.Control;

namespace Mainstay.Supervisor;

/// <summary>Where the lines of replicas go: the terminal, the memory behind <c>logs</c>. Called from one thread, in order; must not block.</summary>
public interface IReplicaOutput
{
    void Write(string service, OutputLine line);
}
