using System.Collections.Immutable;
using Mainstay.Prove.Load.Scheduling;

namespace Mainstay.Prove.Load;

/// <summary>What is sent, where to, and how fast.</summary>
/// <param name="Target">The one server; always on loopback.</param>
/// <param name="Streams">At least one. <see cref="Recording.Sample.Stream"/> is the index in it.</param>
/// <param name="Pace">Requests per second of all streams together.</param>
internal sealed record LoadPlan(LoadTarget Target, ImmutableArray<StreamSpec> Streams, Pace Pace)
{
    /// <summary>When it ends by itself; null: only when it is stopped.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long the answers that are still out when <see cref="Duration"/> is over are waited for. Default 10 s.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How a stream's requests follow one another.</summary>
    public Arrivals Arrivals { get; init; } = Arrivals.Even;

    /// <summary>Of all chance in the schedule: the same seed sends at the same moments.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>At most so many at once for each source address and group, 1–60,000. Opened when they are needed. Default 1024.</summary>
    public int Connections { get; init; } = 1024;

    /// <summary>
    /// HTTP/2 with prior knowledge, by the base library's client: fewer requests per second, and a schedule kept to a millisecond or two.
    /// </summary>
    public bool Http2 { get; init; }
}
