namespace Mainstay.Prove.Faults.Proxy;

/// <summary>Faults that hold only while whoever set them gives signs of life. Thread-safe.</summary>
internal sealed class Lease : IDisposable
{
    private readonly TimeSpan _length;
    private readonly ITimer _timer;

    /// <param name="length">How long a sign of life is good for.</param>
    /// <param name="expired">Called when none came for that long; again after the next one, if that was the last.</param>
    public Lease(TimeSpan length, Action expired, TimeProvider time)
    {
        _length = length;
        _timer = time.CreateTimer(_ => expired(), null, length, Timeout.InfiniteTimeSpan);
    }

    public void Renew() => _timer.Change(_length, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
