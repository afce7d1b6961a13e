using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Listening;

namespace Mainstay.Cli.Keeping;

/// <summary>What stands behind a running application and outlives it, if something does: a keeper, or nothing but this process.</summary>
internal interface IBacking : IAsyncDisposable
{
    /// <summary>The process that a user stops, and whose end is the end of all.</summary>
    int Pid { get; }

    /// <summary>Starts replicas. Only after <see cref="SettleAsync"/>.</summary>
    ILauncher Launcher { get; }

    /// <summary>Told which lines of replicas have been passed on for good.</summary>
    IOutputReceipts Receipts { get; }

    INotes Notes { get; }

    IListenSockets Sockets { get; }

    /// <summary>Null: nothing is kept.</summary>
    IKeptFiles? Files { get; }

    /// <summary>Descriptors by key; null for one that is not kept.</summary>
    IDescriptors Descriptors { get; }

    /// <summary>Where state is kept. The caller holds the folder's lock. Fails if an earlier run cannot be cleaned up.</summary>
    Task SettleAsync(string stateDirectory);

    /// <summary>Listening sockets that were kept and that nobody has taken up are closed.</summary>
    void CloseUnusedListeners();

    /// <summary>Words for the service manager that started Mainstay, such as <c>READY=1</c>.</summary>
    void Notify(params IEnumerable<string> assignments);

    /// <summary>The application serves.</summary>
    void Serving();

    /// <summary>The edge has just answered a request of our own.</summary>
    void Alive();
}
