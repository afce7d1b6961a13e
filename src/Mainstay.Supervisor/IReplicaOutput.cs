using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;

namespace Mainstay.Supervisor;

/// <summary>Where the lines of replicas go: the terminal, the memory behind <c>logs</c>. Lines come from one thread, in order; must not block.</summary>
public interface IReplicaOutput
{
    /// <param name="service">Whose replica it is.</param>
    /// <param name="line">The line.</param>
    /// <param name="position">To be told to <see cref="IOutputReceipts"/> once the line has been passed on for good.</param>
    void Write(string service, OutputLine line, LinePosition position);

    /// <summary>The service is gone, with all of its replicas: what was written of it need not be remembered.</summary>
    void Forget(string service);
}
