namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>One replica that is watched from outside: when it does not answer, what its threads do is looked up.</summary>
/// <param name="pid">The replica's process.</param>
/// <param name="beat">Asks it.</param>
internal sealed class OutsideWatch(int pid, Heartbeat beat)
{
    private readonly Lock _lock = new();
    private readonly List<Looked> _looked = [];

    private volatile bool _isOverdue;

    public int Pid => pid;

    public Heartbeat Beat => beat;

    /// <summary>Whether it does not answer just now.</summary>
    public bool IsOverdue => _isOverdue;

    public Task RunAsync(CancellationToken cancel)
    {
        (ThreadUse Use, long At)? before = null;
        return beat.RunAsync(
            overdue =>
            {
                _isOverdue = overdue;
                if (overdue)
                {
                    before = (ThreadUse.Of(pid), beat.Now);
                }
                else if (before is { } then)
                {
                    var seconds = (beat.Now - then.At) / 1e6;
                    var use = ThreadUse.Of(pid);
                    lock (_lock)
                        _looked.Add(new(then.At, beat.Now, use.Since(then.Use), use.Describe(then.Use, seconds)));
                    before = null;
                }
            },
            cancel);
    }

    public IEnumerable<BlockedStretch> Blocks(long from, long to)
    {
        lock (_lock)
        {
            return [.. beat.Blocks(from, to).Select(block =>
            {
                var looked = _looked.Find(looked => looked.From >= block.From && looked.From <= block.To);
                return new BlockedStretch(beat.Replica, block.From, (block.To - block.From) / 1e6, looked?.Ran, []);
            })];
        }
    }

    /// <summary>What is known of the longest stretch; null: there was none long enough to look.</summary>
    public string? Words(long from, long to)
    {
        lock (_lock)
            return _looked.Where(looked => looked.From >= from && looked.From < to).MaxBy(looked => looked.To - looked.From)?.Words;
    }

    private sealed record Looked(long From, long To, double Ran, string Words);
}
