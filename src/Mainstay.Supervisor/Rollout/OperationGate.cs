namespace Mainstay.Supervisor.Rollout;

/// <summary>One operation at a time for a service. Thread-safe.</summary>
internal sealed class OperationGate(string service)
{
    private readonly Lock _lock = new();
    private readonly List<Operation> _begun = []; // None, or the last one begun.
    private bool _closed;

    /// <summary>The running operation, or null.</summary>
    public Operation? Current
    {
        get
        {
            lock (_lock)
            {
                return Running;
            }
        }
    }

    /// <summary>The lock is held.</summary>
    private Operation? Running => _begun is [{ Ended.IsCompleted: false } running] ? running : null;

    /// <summary>Begins an operation that a user asked for: refused while another one runs; one that yields is cancelled and waited for.</summary>
    public async Task<Operation> BeginAsync(string name, IProgress? progress, CancellationToken cancel)
    {
        while (true)
        {
            Operation running;
            lock (_lock)
            {
                if (TryBegin(name, yields: false, progress, cancel) is { } begun)
                    return begun;
                running = Running!;
            }
            if (!running.Yields)
                throw new RolloutException($"{service}: {("aeiou".Contains(running.Name[0]) ? "an" : "a")} {running.Name} is running; try again when it has ended");
            running.Cancel();
            await running.Ended.WaitAsync(cancel);
        }
    }

    /// <summary>Begins an operation of Mainstay's own accord, which yields; null while anything else runs.</summary>
    public Operation? TryBegin(string name)
    {
        lock (_lock)
        {
            return _closed ? null : TryBegin(name, yields: true, progress: null, CancellationToken.None);
        }
    }

    /// <summary>Lets nothing begin any more and cancels what runs; completes once that has ended.</summary>
    public Task CloseAsync()
    {
        Operation? running;
        lock (_lock)
        {
            _closed = true;
            running = Running;
        }
        // Outside: what it gives up may go on inline, and ask here what runs.
        running?.Cancel();
        return running?.Ended ?? Task.CompletedTask;
    }

    private Operation? TryBegin(string name, bool yields, IProgress? progress, CancellationToken cancel)
    {
        if (_closed)
            throw new RolloutException($"{service}: it is being stopped");
        if (Running is not null)
            return null;
        _begun.Clear();
        _begun.Add(new Operation(name, yields, progress, cancel));
        return _begun[0];
    }
}
