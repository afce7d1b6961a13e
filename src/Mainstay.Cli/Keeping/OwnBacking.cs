using System.Runtime.InteropServices;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Listening;
using Mainstay.Keeper.Launching;

namespace Mainstay.Cli.Keeping;

/// <summary>Nothing outlives this process: where no keeper can be had.</summary>
internal sealed class OwnBacking(TimeProvider time, Action<string> warn) : IBacking, IOutputReceipts, IDescriptors
{
    private LocalLauncher? _launcher;

    public int Pid => Environment.ProcessId;

    public ILauncher Launcher => _launcher ?? throw new InvalidOperationException("there is no state folder yet");

    public IOutputReceipts Receipts => this;

    public INotes Notes { get; } = new PlainNotes();

    public IListenSockets Sockets => OwnSockets.Instance;

    public IKeptFiles? Files => null;

    public IDescriptors Descriptors => this;

    public Task SettleAsync(string stateDirectory)
    {
        _launcher = new(stateDirectory, time, warn);
        return Task.CompletedTask;
    }

    public void CloseUnusedListeners()
    {
        // Nothing is kept.
    }

    public void Notify(params IEnumerable<string> assignments)
    {
        // Only systemd asks for it, and where that is there is a keeper.
    }

    public void Serving()
    {
        // Nobody waits for it.
    }

    public void Alive()
    {
        // Nobody counts.
    }

    public void Taken(LinePosition position)
    {
        // Read once, by this process.
    }

    public int? Take(string key) => null;

    public void Hold(string key, SafeHandle descriptor)
    {
        // Ends with this process.
    }

    public void Release(string key)
    {
        // Never held.
    }

    public ValueTask DisposeAsync() => _launcher?.DisposeAsync() ?? ValueTask.CompletedTask;
}
