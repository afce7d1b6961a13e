using System.Runtime.InteropServices;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Listening;
using Mainstay.Keeper.Client;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Cli.Keeping;

/// <summary>A keeper: what is started, listened on and noted through it goes on when this process does not.</summary>
internal sealed class KeptBacking : IBacking, IDescriptors, IKeptFiles
{
    private readonly KeeperLink _link;
    private readonly KeptSockets _sockets;

    public KeptBacking(KeeperLink link)
    {
        _link = link;
        _sockets = new(this, () => link.HeldKeys);
    }

    public int Pid => _link.KeeperPid;

    public ILauncher Launcher => _link.Launcher;

    public IOutputReceipts Receipts => _link.Receipts;

    public INotes Notes => _link;

    public IListenSockets Sockets => _sockets;

    public IKeptFiles Files => this;

    public IDescriptors Descriptors => this;

    public Task SettleAsync(string stateDirectory) => _link.SettleAsync(stateDirectory);

    public void CloseUnusedListeners() => _sockets.CloseUnused();

    public void Notify(params IEnumerable<string> assignments) => _link.Notify(string.Join('\n', assignments));

    public void Serving() => _link.Serving();

    public void Alive() => _link.Alive();

    public int? Take(string key)
    {
        if (_link.Take(key) is not { } descriptor)
            return null;
        var number = (int)descriptor.DangerousGetHandle();
        // It is the caller's: nothing may close the number behind its back.
        descriptor.SetHandleAsInvalid();
        return number;
    }

    public void Hold(string key, SafeHandle descriptor)
    {
        // The caller's handle stays the caller's, whatever becomes of this one.
        using var borrowed = new SafeFileHandle(descriptor.DangerousGetHandle(), ownsHandle: false);
        _link.Hold(key, borrowed);
    }

    public void Release(string key) => _link.Release(key);

    public SafeFileHandle? Open(string key, long size) => _link.OpenFile(key, size);

    public IReadOnlyList<string> Keys => _link.HeldKeys;

    public void Forget(string key) => Release(key);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
