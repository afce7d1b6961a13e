namespace Mainstay.Supervisor.Restarting;

/// <summary>The last lines of a process, kept to explain its death. Thread-safe.</summary>
internal sealed class LastLines
{
    /// <summary>How many lines are kept.</summary>
    public const int Capacity = 20;

    /// <summary>A kept line is cut here: a flood of 64 KiB lines must not become part of every status.</summary>
    private const int LongestLine = 2048;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new(Capacity);

    public void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == Capacity)
                _lines.Dequeue();
            _lines.Enqueue(line.Length > LongestLine ? line[..LongestLine] + "…" : line);
        }
    }

    public IReadOnlyList<string> Snapshot()
    {
        lock (_lock)
        {
            return [.. _lines];
        }
    }
}
