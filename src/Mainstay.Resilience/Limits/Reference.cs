namespace Mainstay.Resilience.Limits;

/// <summary>The throughput that trials are compared with: what is completed at rest, a mean over so many completions that chance hardly matters. Not thread-safe.</summary>
internal sealed class Reference
{
    private int _samples;

    /// <summary>Completions per second; 0: not known.</summary>
    public double Rate { get; private set; }

    /// <summary>Nothing is known any more.</summary>
    public void Forget() => Rate = _samples = 0;

    /// <summary>It is so much now.</summary>
    public void Set(double rate) => Rate = rate;

    /// <param name="rate">Seen at rest; completions per second.</param>
    /// <param name="count">By so many completions.</param>
    /// <param name="most">Older ones count no more than so many.</param>
    public void Average(double rate, int count, double most)
    {
        Rate += (rate - Rate) * count / Math.Max(1, _samples + count);
        _samples = (int)Math.Min(_samples + count, most);
    }

    /// <summary>By which share so much is less; negative if it is more.</summary>
    public double Loss(double rate) => Rate == 0 ? 0 : 1 - (rate / Rate);
}
