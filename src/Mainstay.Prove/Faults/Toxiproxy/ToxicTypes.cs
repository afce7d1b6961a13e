using System.Collections.Immutable;
using Mainstay.Prove.Faults.Kinds;

namespace Mainstay.Prove.Faults.Toxiproxy;

/// <summary>Toxiproxy's types of toxics, in the terms of our faults.</summary>
internal static class ToxicTypes
{
    /// <summary>A week is long enough for anything; more would not fit a timer.</summary>
    private const double MostMilliseconds = 7 * 24 * 3600 * 1000.0;

    /// <summary>Null: there is no such type.</summary>
    public static string[]? AttributesOf(string type) => type switch
    {
        "latency" => ["latency", "jitter"],
        "bandwidth" => ["rate"],
        "slow_close" => ["delay"],
        "timeout" or "reset_peer" => ["timeout"],
        "slicer" => ["average_size", "size_variation", "delay"],
        "limit_data" => ["bytes"],
        _ => null,
    };

    /// <summary>Times are milliseconds, except the slicer's (microseconds); a rate is in units of 1,000 bytes a second.</summary>
    public static Fault FaultOf(string type, ImmutableSortedDictionary<string, double> attributes) => type switch
    {
        "latency" => new Latency(Milliseconds(attributes["latency"]), Milliseconds(attributes["jitter"])),
        "bandwidth" when attributes["rate"] > 0 => new Bandwidth(attributes["rate"] * 1000),
        "bandwidth" => new Blackhole(),
        "slow_close" => new SlowClose(Milliseconds(attributes["delay"])),
        "timeout" => new Stall(attributes["timeout"] > 0 ? Milliseconds(attributes["timeout"]) : null),
        "reset_peer" => new Reset(Milliseconds(attributes["timeout"])),
        "slicer" => new Slicing(
            (int)Math.Clamp(attributes["average_size"], 1, int.MaxValue),
            (int)Math.Min(attributes["size_variation"], int.MaxValue),
            Milliseconds(attributes["delay"] / 1000)),
        _ => new LimitBytes((long)attributes["bytes"]),
    };

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(Math.Min(count, MostMilliseconds));
}
