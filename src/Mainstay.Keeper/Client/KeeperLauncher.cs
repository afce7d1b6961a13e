using System.Collections.Concurrent;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Messages;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Client;

/// <summary>Has the keeper start processes, and takes over those that it has.</summary>
internal sealed class KeeperLauncher(KeeperLink link, Inventory inventory, OutputReader output) : ILauncher
{
    private readonly ConcurrentDictionary<int, RemoteProcess> _processes = new();

    public IReadOnlyList<IKeptProcess> Kept => [.. inventory.Processes.Select(entry => new KeptProcess(entry, this))];

    public async ValueTask<IProcess> LaunchAsync(LaunchSpec spec, IOutputSink output, CancellationToken cancel)
    {
        // Once asked for it is started: whoever gives up meanwhile would leave it unwatched.
        cancel.ThrowIfCancellationRequested();
        var launched = await link.AskAsync(MessageKind.Launch, request => MessageBody.Of(body =>
        {
            body.Write(request);
            body.Write(spec.Name);
            body.WriteStrings(spec.Command);
            body.Write(spec.Directory);
            body.WriteStrings([.. spec.Environment.Keys]);
            body.WriteStrings([.. spec.Environment.Values]);
        }));
        using var body = launched.Read();
        _ = body.ReadInt32();
        return Watch(body.ReadInt32(), body.ReadInt32(), spec.Name, launched.Descriptors, output);
    }

    /// <summary>The keeper owns the processes; it ends them when it is told that all is over.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The keeper says that a process has ended. In the order of its messages.</summary>
    public void OnEnded(int id, ExitStatus status)
    {
        if (_processes.TryGetValue(id, out var process))
            _ = EndAsync(id, process, status);
    }

    /// <summary>Nothing is watched any more: others do.</summary>
    public void LetGo()
    {
        foreach (var id in _processes.Keys)
        {
            if (_processes.TryRemove(id, out _))
                output.Forget(id);
        }
    }

    private RemoteProcess Watch(int id, int pid, string name, SafeFileHandle[] streams, IOutputSink sink)
    {
        var process = new RemoteProcess(id, pid, link);
        _processes[id] = process;
        output.Add(id, name, streams, sink);
        // It may have ended before it was known here.
        if (link.EndOf(id) is { } status)
            OnEnded(id, status);
        return process;
    }

    /// <summary>Never faults: nothing that it awaits does.</summary>
    private async Task EndAsync(int id, RemoteProcess process, ExitStatus status)
    {
        await output.EndAsync(id);
        // It may be somebody else's by now, or taken over once more: then its end is told there.
        if (!_processes.TryRemove(new(id, process)))
            return;
        process.OnEnded(status);
        await output.TakenAsync(id);
        output.Forget(id);
        link.Forget(id);
    }

    private sealed class KeptProcess(KeptEntry entry, KeeperLauncher launcher) : IKeptProcess
    {
        public string Name => entry.Name;

        public ReadOnlyMemory<byte> Label => entry.Label;

        public IProcess Adopt(IOutputSink output)
        {
            if (!launcher.Take(entry))
                throw new InvalidOperationException($"{entry.Name} (process {entry.Pid}) has been taken over already");
            return launcher.Watch(entry, output);
        }
    }

    private bool Take(KeptEntry entry) => inventory.Take(entry);

    private RemoteProcess Watch(KeptEntry entry, IOutputSink sink)
    {
        var process = Watch(entry.Id, entry.Pid, entry.Name, entry.Streams, sink);
        if (entry.Ended is { } status)
            OnEnded(entry.Id, status);
        return process;
    }
}
