using Mainstay.Prove.Load.Platform;

namespace Mainstay.Prove.Load.Http1;

/// <summary>The connections of one source address and group of streams: how many there are, and which rest. Owned by the loop.</summary>
/// <param name="source">Null: as the system chooses.</param>
/// <param name="most">At once.</param>
internal sealed class ConnectionPool(Address? source, int most)
{
    private readonly List<Connection> _resting = [];

    public Address? Source => source;

    /// <summary>Open ones, in whatever state.</summary>
    public int Open { get; set; }

    public bool HasRoom => Open < most;

    public void Rest(Connection connection) => _resting.Add(connection);

    /// <summary>The one used last: a few stay busy, the others can be closed.</summary>
    public Connection? TakeResting()
    {
        if (_resting.Count == 0)
            return null;
        var last = _resting[^1];
        _resting.RemoveAt(_resting.Count - 1);
        return last;
    }

    /// <summary>It was closed while it rested.</summary>
    public void Forget(Connection connection) => _resting.Remove(connection);

    /// <summary>A connection that has rested too long; null when there is none.</summary>
    public Connection? TakeStale(long now)
    {
        for (var i = 0; i < _resting.Count; i++)
        {
            if (_resting[i].RestsUntil > now)
                continue;
            var stale = _resting[i];
            _resting.RemoveAt(i);
            return stale;
        }
        return null;
    }
}
