using System.Net;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>Something that keeps the app running, in its own way.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>In the table.</summary>
    string Name { get; }

    /// <summary>Starts everything; returns where it serves once all workers do.</summary>
    /// <exception cref="Experiments.Labs.LabException">It does not get that far.</exception>
    Task<IPEndPoint> StartAsync(CancellationToken cancel);

    /// <summary>The app's processes of the moment.</summary>
    Task<IReadOnlyList<ProcessId>> WorkersAsync(CancellationToken cancel);

    /// <summary>Deploys a release by its usual means; returns what came of it, in one line.</summary>
    Task<string> DeployAsync(bool good, CancellationToken cancel);

    /// <summary>The process that watches over the workers, and what it is called; null: there is none whose death would be fair to ask for.</summary>
    (string Name, ProcessId Process)? Itself { get; }
}
