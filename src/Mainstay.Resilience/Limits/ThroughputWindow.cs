namespace Mainstay.Resilience.Limits;

/// <summary>What was completed since it began, and for how much of that time the limit held somebody back. Not thread-safe.</summary>
internal sealed class ThroughputWindow
{
    private double _began;
    private double _last;
    private double _bound;
    private double _work;
    private double _area;
    private double _idle;

    /// <summary>Completions.</summary>
    public int Count { get; private set; }

    /// <summary>Requests that ended without having been worked on as usual.</summary>
    public int Ignored { get; private set; }

    /// <summary>Requests that nobody waited for any longer.</summary>
    public int GivenUp { get; private set; }

    public void Begin(double now)
    {
        _began = _last = now;
        _bound = _work = _area = _idle = 0;
        Count = Ignored = GivenUp = 0;
    }

    /// <summary>Time went by, with the limit binding or not.</summary>
    public void Pass(double now, int inFlight, bool binds)
    {
        if (now <= _last)
            return;
        _area += inFlight * (now - _last);
        if (binds)
            _bound += now - _last;
        _last = now;
    }

    /// <param name="weight">1 for a usual request of the service.</param>
    public void Complete(double weight)
    {
        _work += weight;
        Count++;
    }

    public void Ignore() => Ignored++;

    public void GiveUp() => GivenUp++;

    /// <summary>A place was given back that had not been used.</summary>
    /// <param name="held">Seconds for which it was held.</param>
    public void Lend(double held) => _idle += Math.Min(held, Length);

    /// <summary>Requests at work on average.</summary>
    public double InFlight => Length <= 0 ? 0 : _area / Length;

    /// <summary>Share of the time of the places held, in [0, 1], in which they were not used, as far as that is known.</summary>
    public double Idle => _area <= 0 ? 0 : Math.Min(1, _idle / _area);

    /// <summary>Seconds since it began.</summary>
    public double Length => _last - _began;

    /// <summary>Share of the time in which the limit bound, in [0, 1].</summary>
    public double Bound => Length <= 0 ? 0 : _bound / Length;

    /// <summary>Usual requests per second.</summary>
    public double Rate => Length <= 0 ? 0 : _work / Length;
}
