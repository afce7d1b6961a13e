namespace Mainstay.Prove.Load.Scheduling;

/// <summary>When the requests of one stream are due. Microseconds of the recording's clock. Not thread-safe.</summary>
internal sealed class StreamSchedule
{
    private readonly Random _random;
    private readonly Arrivals _arrivals;
    private readonly bool _alone;
    private Pace _pace;
    private double _share;
    private long _began;        // when the pace's own time was zero
    private double _from;       // in the pace's seconds: up to here it has been worked off
    private double _missing;    // requests from there to the next one
    private double _place = 1;  // of the last one in its interval, 0–1; the first interval begins at zero

    /// <param name="pace">Of all streams.</param>
    /// <param name="share">This one's part of it, 0–1 (or more, for a pace of its own).</param>
    /// <param name="arrivals">How they follow one another.</param>
    /// <param name="random">Of this stream alone; null: it is the only one, and sends in the middle of each interval.</param>
    /// <param name="began">When the pace begins.</param>
    public StreamSchedule(Pace pace, double share, Arrivals arrivals, Random? random, long began)
    {
        (_pace, _share, _arrivals, _began) = (pace, share, arrivals, began);
        (_random, _alone) = (random ?? new Random(0), random is null);
        _missing = NextDistance();
        DueAt = Find();
    }

    /// <summary>When the next request is due; <see cref="long.MaxValue"/>: not as things are.</summary>
    public long DueAt { get; private set; }

    /// <summary>The request that was due is taken.</summary>
    public void Advance()
    {
        _from = _pace.When(_from, _missing / _share);
        _missing = NextDistance();
        DueAt = Find();
    }

    /// <summary>Another pace from now on; what has been saved up for the next request counts.</summary>
    public void Follow(Pace pace, double share, long now)
    {
        var until = Math.Max(_from, (now - _began) / 1e6);
        _missing = Math.Max(0, _missing - (_pace.Between(_from, until) * _share));
        (_pace, _share, _began, _from) = (pace, share, now, 0);
        DueAt = Find();
    }

    private long Find()
    {
        if (_share <= 0)
            return long.MaxValue;
        var seconds = _pace.When(_from, Math.Max(_missing / _share, 1e-9));
        return seconds < 1e12 ? _began + (long)(seconds * 1e6) : long.MaxValue;
    }

    private double NextDistance()
    {
        if (_arrivals == Arrivals.Poisson)
            return -Math.Log(1 - _random.NextDouble());
        var place = _alone ? 0.5 : _random.NextDouble();
        var distance = 1 - _place + place;
        _place = place;
        return distance;
    }
}
