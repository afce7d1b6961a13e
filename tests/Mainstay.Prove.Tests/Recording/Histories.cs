using System.Collections.Immutable;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Recording;

/// <summary>Histories made up for tests.</summary>
internal static class Histories
{
    public static LoadStream Get { get; } = new(
        "GET /", LoadStream.Roles.Load, "/**", "web", "GET", "/", Idempotent: true, "normal", ExpectedStatus: null, TimeoutSeconds: 30,
        Availability: 0.999, LatencyP99Seconds: 1, Uses: ["database"], Requires: []);

    public static Sample Good(long scheduledAt, long latency = 1000, int stream = 0) =>
        new(stream, scheduledAt, scheduledAt + 10, scheduledAt + latency, scheduledAt + latency, 200, Fate.Answered, -1);

    public static Sample Failed(long scheduledAt, long latency = 1000, int stream = 0, short status = 502) =>
        new(stream, scheduledAt, scheduledAt + 10, scheduledAt + latency, scheduledAt + latency, status, Fate.Answered, -1);

    /// <summary>One stream, one phase of ten seconds.</summary>
    public static History Of(params IEnumerable<Sample> samples) => new(
        History.CurrentVersion, "baseline", "", "resilience", Seed: 7, new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero), [Get],
        [new(Phase.Names.Baseline, 0, 10_000_000)],
        [Happening.Of(5, Happening.Kinds.Killed, "web-1", "SIGKILL to web-1, pid 12", ("pid", 12))],
        [new("no-failures", "no request fails", "default", ImmutableSortedDictionary<string, double>.Empty.Add("exposures", 299),
            ImmutableSortedDictionary<string, string>.Empty.Add(StreamFilter.Word, "load"))],
        [new(0, 10, 10, 20, 30)], [new(0, 0.5, 0, 0)], [.. samples]);
}
