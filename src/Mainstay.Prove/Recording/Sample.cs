namespace Mainstay.Prove.Recording;

/// <summary>
/// One request of the load. Times are microseconds since the history's start; the latency counts from <see cref="ScheduledAt"/>, not from when it
/// was sent, so that a server that stalls the sender is charged with the wait ("coordinated omission", Gil Tene).
/// </summary>
/// <param name="Stream">Index of its <see cref="LoadStream"/>.</param>
/// <param name="ScheduledAt">When it was due.</param>
/// <param name="SentAt">When its first byte was written; −1: never.</param>
/// <param name="HeadAt">When the answer's head was there; −1: never.</param>
/// <param name="EndedAt">When its fate was known.</param>
/// <param name="Status">The answer's status; 0 without one.</param>
/// <param name="Fate">How it ended.</param>
/// <param name="RetryAfter">Seconds of the answer's Retry-After; −1 without one.</param>
internal readonly record struct Sample(
    int Stream,
    long ScheduledAt,
    long SentAt,
    long HeadAt,
    long EndedAt,
    short Status,
    Fate Fate,
    short RetryAfter)
{
    /// <summary>Microseconds from when it was due until its fate was known.</summary>
    public long Latency => EndedAt - ScheduledAt;

    /// <summary>When the generator took it up. From then until <see cref="SentAt"/> it waited for a connection, which the server may keep busy.</summary>
    public long BegunAt { get; init; } = SentAt < 0 ? ScheduledAt : SentAt;

    /// <summary>Microseconds that it was taken up later than it was due: the generator's own fault.</summary>
    public long Lag => Math.Max(0, BegunAt - ScheduledAt);

    /// <summary>Refused on purpose: overload or a rate limit, with word of when to come again.</summary>
    public bool IsShed => Fate == Fate.Answered && Status is 503 or 429 && RetryAfter >= 0;
}
