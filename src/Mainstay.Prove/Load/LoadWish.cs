namespace Mainstay.Prove.Load;

/// <summary>What somebody asks of a load that runs.</summary>
internal abstract record LoadWish
{
    private LoadWish()
    {
    }

    /// <summary>Another pace for the streams that have no rate of their own.</summary>
    public sealed record Follow(Scheduling.Pace Pace) : LoadWish;

    /// <summary>A rate of its own for one stream.</summary>
    public sealed record Rate(int Stream, double PerSecond) : LoadWish;

    /// <summary>No more requests; what is out is waited for.</summary>
    public sealed record Stop(TimeSpan Drain) : LoadWish;
}
