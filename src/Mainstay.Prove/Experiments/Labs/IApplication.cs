using Mainstay.Contracts.Control;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>A running <c>up</c> of the laboratory's own, as an experiment sees it.</summary>
internal interface IApplication : IAsyncDisposable
{
    /// <summary>The process that holds everything: its end is the end of all.</summary>
    int Pid { get; }

    /// <summary>The process that serves; after its death, or an exchange, another one. Null when there is none now.</summary>
    int? CorePid { get; }

    /// <summary>Completes when <see cref="Pid"/> has ended.</summary>
    Task Ended { get; }

    /// <summary>The last lines that it and its replicas wrote, the oldest first.</summary>
    IReadOnlyList<string> LastLines { get; }

    /// <summary>Gets each line that Mainstay itself says. Any thread; must not block.</summary>
    Action<string>? Said { get; set; }

    /// <summary>Null while nobody answers.</summary>
    Task<StatusReport?> StatusAsync(CancellationToken cancel);

    /// <summary>Asks for an operation, and waits until it has ended.</summary>
    Task<OperationResult> AskAsync(Operation operation, CancellationToken cancel);
}

/// <summary>Starts a manifest that has been written into a laboratory's folder.</summary>
internal interface IApplicationHost
{
    /// <summary>Starts it and waits for nothing.</summary>
    /// <param name="folder">The laboratory's.</param>
    /// <param name="manifest">The file.</param>
    /// <param name="cancel">Of the start.</param>
    Task<IApplication> StartAsync(string folder, string manifest, CancellationToken cancel);
}

/// <param name="Command">restart, deploy, scale, upgrade or stop.</param>
/// <param name="Service">Which; null: all, or none is needed.</param>
/// <param name="Replicas">For scale.</param>
internal sealed record Operation(string Command, string? Service = null, int? Replicas = null);

/// <param name="Error">Null: it went through.</param>
/// <param name="LastLines">The last output of the replica that is to blame.</param>
internal sealed record OperationResult(string? Error, IReadOnlyList<string> LastLines);
