using Mainstay.Cli.State;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Composition;

/// <summary>The wish to stop, by signal or by <c>mainstay stop</c>, and its fulfilment. Wished twice, it is fulfilled once.</summary>
internal sealed class Stopping : IDisposable
{
    private readonly CancellationTokenSource _wished = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IProgress? _listener;

    /// <summary>Cancelled by the wish: what is being started or rolled gives up.</summary>
    public CancellationToken Token => _wished.Token;

    /// <summary>Completes with the wish.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Who wants to hear how it goes; null: nobody but the terminal.</summary>
    public IProgress? Listener => Volatile.Read(ref _listener);

    public void Request()
    {
        if (!_asked.TrySetResult())
            return;
        try
        {
            _wished.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // What failed to start is asked to stop at the same moment.
        }
    }

    /// <summary>Completes once everything has stopped.</summary>
    public Task RequestAsync(IProgress listener)
    {
        Interlocked.CompareExchange(ref _listener, listener, null);
        Request();
        return _done.Task;
    }

    public void RefuseIfStopping()
    {
        if (_asked.Task.IsCompleted)
            throw CommandFailure.Failed("Mainstay is stopping");
    }

    public void Done() => _done.TrySetResult();

    public void Dispose() => _wished.Dispose();
}
