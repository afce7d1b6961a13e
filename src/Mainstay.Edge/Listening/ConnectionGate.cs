namespace Mainstay.Edge.Listening;

/// <summary>Counts client connections over all listeners and keeps them below the limit. Thread-safe.</summary>
internal sealed class ConnectionGate
{
    private int _open;
    private long _refused;
    private TaskCompletionSource? _empty;

    /// <summary>Connections at once; may change at any time, open connections stay.</summary>
    public int Limit { get; set; } = int.MaxValue;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Connections closed at once because the limit was reached.</summary>
    public long Refused => Volatile.Read(ref _refused);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= Limit)
            return true;
        Interlocked.Decrement(ref _open);
        Interlocked.Increment(ref _refused);
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            Volatile.Read(ref _empty)?.TrySetResult();
    }

    /// <summary>Completes once none is open; asked when no more can come.</summary>
    public Task WhenEmptyAsync()
    {
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _empty, empty);
        if (Open == 0)
            empty.TrySetResult();
        return empty.Task;
    }
}
