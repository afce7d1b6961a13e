namespace Mainstay.Edge.Listening;

/// <summary>Counts client connections over all listeners and keeps them below the limit. Thread-safe.</summary>
internal sealed class ConnectionGate
{
    private int _open;
    private long _refused;

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

    public void Leave() => Interlocked.Decrement(ref _open);
}
