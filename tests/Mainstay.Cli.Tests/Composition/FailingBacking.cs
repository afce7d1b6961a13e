using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Mainstay.Cli.Keeping;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Listening;

namespace Mainstay.Cli.Tests.Composition;

/// <summary>A keeper that has one process and fails the core in the moment in which it would serve, once that has taken the process over.</summary>
internal sealed class FailingBacking(string label) : IBacking, ILauncher, IKeptProcess, IProcess, IOutputReceipts, IDescriptors
{
    private readonly ManualResetEventSlim _adopted = new();
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the process was sent.</summary>
    public ConcurrentQueue<int> Signals { get; } = new();

    public int Pid => Environment.ProcessId;

    public ILauncher Launcher => this;

    public IOutputReceipts Receipts => this;

    public INotes Notes { get; } = new PlainNotes();

    public IListenSockets Sockets => OwnSockets.Instance;

    public IKeptFiles? Files => null;

    public IDescriptors Descriptors => this;

    public IReadOnlyList<IKeptProcess> Kept => [this];

    public string Name => "web-1";

    public ReadOnlyMemory<byte> Label { get; } = System.Text.Encoding.UTF8.GetBytes(label);

    public Task<ExitStatus> Exited => _exited.Task;

    public void Serving()
    {
        Assert.True(_adopted.Wait(TimeSpan.FromSeconds(30)), "the process was not taken over");
        throw new InvalidOperationException("composition failed");
    }

    public IProcess Adopt(IOutputSink output)
    {
        _adopted.Set();
        return this;
    }

    public void Signal(int signal)
    {
        Signals.Enqueue(signal);
        _exited.TrySetResult(new(0, signal));
    }

    public ValueTask<IProcess> LaunchAsync(LaunchSpec spec, IOutputSink output, CancellationToken cancel) => throw new LaunchException("nothing can be launched here");

    public Task SettleAsync(string stateDirectory) => Task.CompletedTask;

    void IProcess.Label(ReadOnlySpan<byte> label)
    {
        // Nobody reads it.
    }

    public void CloseUnusedListeners()
    {
        // Nothing is kept.
    }

    public void Notify(params IEnumerable<string> assignments)
    {
        // Nobody listens.
    }

    public void Alive()
    {
        // Nobody counts.
    }

    public void Taken(LinePosition position)
    {
        // Nothing is written.
    }

    public int? Take(string key) => null;

    public void Hold(string key, SafeHandle descriptor)
    {
        // Nothing is kept.
    }

    public void Release(string key)
    {
        // Nothing is kept.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
