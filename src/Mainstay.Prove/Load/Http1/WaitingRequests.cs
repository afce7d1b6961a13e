namespace Mainstay.Prove.Load.Http1;

/// <summary>Requests of one stream that wait for a connection, the oldest first: when each was due. Bounded. Owned by the loop.</summary>
internal sealed class WaitingRequests
{
    /// <summary>At ten thousand a second ten seconds' worth; 800 KiB.</summary>
    public const int Most = 100_000;

    private long[] _due = new long[1024];
    private int _first;

    public int Count { get; private set; }

    /// <summary>When the oldest was due.</summary>
    public long Oldest => Count > 0 ? _due[_first] : long.MaxValue;

    /// <summary>False: too many wait already.</summary>
    public bool TryAdd(long dueAt)
    {
        if (Count == Most)
            return false;
        if (Count == _due.Length)
            Grow();
        _due[(_first + Count++) % _due.Length] = dueAt;
        return true;
    }

    public long Take()
    {
        var dueAt = _due[_first];
        _first = (_first + 1) % _due.Length;
        Count--;
        return dueAt;
    }

    private void Grow()
    {
        var larger = new long[Math.Min(Most, _due.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = _due[(_first + i) % _due.Length];
        (_due, _first) = (larger, 0);
    }
}
