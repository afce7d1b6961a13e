using System.Collections.Immutable;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Output;

namespace Mainstay.Keeper.Launching;

/// <summary>Starts processes that end with this one: for tests, and where no keeper can be had.</summary>
public sealed class LocalLauncher : ILauncher
{
    private readonly ProcessHost _host;
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;

    /// <param name="stateDirectory">Holds the state file; created when needed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="warn">For what an operator of Mainstay itself must know, in one line each. Any thread; must not block.</param>
    public LocalLauncher(string stateDirectory, TimeProvider time, Action<string> warn)
    {
        (_time, _warn) = (time, warn);
        _host = new(stateDirectory, time, warn);
    }

    public IReadOnlyList<IKeptProcess> Kept => [];

    /// <summary>The guard's pid, 0 when there is none.</summary>
    internal int GuardPid => _host.GuardPid;

    public async ValueTask<IProcess> LaunchAsync(LaunchSpec spec, IOutputSink output, CancellationToken cancel) =>
        await _host.LaunchAsync(spec, isError => new LocalLines(spec.Name, isError, output, _time, _warn), cancel);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>See <see cref="ProcessHost.CleanUpAsync"/>.</summary>
    internal Task<ImmutableArray<string>> CleanUpAsync(CancellationToken cancel) => _host.CleanUpAsync(cancel);
}
