namespace Mainstay.Prove.Load.Scheduling;

/// <summary>What is due next, of all streams. Microseconds of the recording's clock. Not thread-safe.</summary>
internal sealed class Schedule
{
    private readonly StreamSchedule[] _streams;
    private readonly double[] _shares;
    private readonly bool[] _own;
    private int _next;

    public Schedule(LoadPlan plan, long begins)
    {
        var weights = plan.Streams.Sum(stream => stream.Weight);
        _shares = [.. plan.Streams.Select(stream => weights > 0 ? stream.Weight / weights : 0)];
        _own = new bool[_shares.Length];
        var alone = _shares.Length == 1 && plan.Arrivals == Arrivals.Even;
        _streams = [.. _shares.Select((share, i) => new StreamSchedule(plan.Pace, share, plan.Arrivals, alone ? null : Chance(plan.Seed, i), begins))];
        FindNext();
    }

    /// <summary>When the next request is due; <see cref="long.MaxValue"/>: not as things are.</summary>
    public long DueAt => _streams[_next].DueAt;

    /// <summary>The stream whose request is due by now, and since when. False: none is.</summary>
    public bool TryTake(long now, out int stream, out long dueAt)
    {
        (stream, dueAt) = (_next, DueAt);
        if (dueAt > now)
            return false;
        _streams[stream].Advance();
        FindNext();
        return true;
    }

    /// <summary>Another pace for all streams that have no rate of their own.</summary>
    public void Follow(Pace pace, long now)
    {
        for (var i = 0; i < _streams.Length; i++)
        {
            if (!_own[i])
                _streams[i].Follow(pace, _shares[i], now);
        }
        FindNext();
    }

    /// <summary>A rate of its own for one stream; the others stay as they are.</summary>
    public void Follow(int stream, double perSecond, long now)
    {
        _own[stream] = true;
        _streams[stream].Follow(Pace.Constant(perSecond), 1, now);
        FindNext();
    }

    private void FindNext()
    {
        var best = 0;
        for (var i = 1; i < _streams.Length; i++)
        {
            if (_streams[i].DueAt < _streams[best].DueAt)
                best = i;
        }
        _next = best;
    }

    /// <summary>Chance of each stream's own, so that another stream more changes nothing for the rest.</summary>
    private static Random Chance(ulong seed, int stream) => new(Mix(seed, (uint)stream));

    private static int Mix(ulong seed, ulong stream)
    {
        var mixed = (seed + ((stream + 1) * 0x9E37_79B9_7F4A_7C15)) * 0xBF58_476D_1CE4_E5B9;
        return (int)((mixed ^ (mixed >> 29)) >> 32);
    }
}
