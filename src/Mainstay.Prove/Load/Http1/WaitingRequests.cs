namespace Mainstay.Prove.Load.Http1;

/// <summary>Requests of one stream that wait for a connection, the oldest first: when each was due, and when it was taken up. Bounded. Owned by the loop.</summary>
internal sealed class WaitingRequests
{
    /// <summary>At ten thousand a second ten seconds' worth; 1.6 MiB.</summary>
    public const int Most = 100_000;

    private (long Due, long Begun)[] _waiting = new (long, long)[1024];
    private int _first;

    public int Count { get; private set; }

    /// <summary>When the oldest was due.</summary>
    public long Oldest => Count > 0 ? _waiting[_first].Due : long.MaxValue;

    /// <summary>False: too many wait already.</summary>
    public bool TryAdd(long dueAt, long begunAt)
    {
        if (Count == Most)
            return false;
        if (Count == _waiting.Length)
            Grow();
        _waiting[(_first + Count++) % _waiting.Length] = (dueAt, begunAt);
        return true;
    }

    /// <summary>The oldest, which stays.</summary>
    public (long Due, long Begun) Peek() => _waiting[_first];

    public (long Due, long Begun) Take()
    {
        var oldest = _waiting[_first];
        _first = (_first + 1) % _waiting.Length;
        Count--;
        return oldest;
    }

    private void Grow()
    {
        var larger = new (long, long)[Math.Min(Most, _waiting.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = _waiting[(_first + i) % _waiting.Length];
        (_waiting, _first) = (larger, 0);
    }
}
