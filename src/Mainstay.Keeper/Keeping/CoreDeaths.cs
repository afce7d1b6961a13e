namespace Mainstay.Keeper.Keeping;

/// <summary>
/// When a dead core is started again. One that had served for a while: at once. Deaths before that wait a little longer each time; five of them
/// within a minute mean that another start changes nothing: then 30 s pass before each further one, until one has served for a while. Owned by one loop; not thread-safe.
/// </summary>
internal sealed class CoreDeaths(TimeProvider time)
{
    public const int Many = 5;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>A core that served for so long is well.</summary>
    public static readonly TimeSpan Proof = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    private readonly Queue<long> _early = new();
    private bool _isHopeless;

    /// <summary>A core has died; what follows is how long to wait.</summary>
    /// <param name="served">For how long it had served; null: not at all.</param>
    public TimeSpan Died(TimeSpan? served)
    {
        if (served >= Proof)
        {
            _early.Clear();
            _isHopeless = false;
            return TimeSpan.Zero;
        }

        while (_early.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Window)
            _early.Dequeue();
        _early.Enqueue(time.GetTimestamp());
        _isHopeless |= _early.Count >= Many;
        return _isHopeless ? Pause
            : _early.Count == 1 ? TimeSpan.Zero
            : FirstDelay * (1 << (_early.Count - 2));
    }
}
