using Mainstay.Prove.Faults.Proxy;
using Counted = Mainstay.Cli.Showing.Counted;

namespace Mainstay.Cli.Faulting;

/// <summary>What a proxy has counted, for people: what did not happen is left out.</summary>
internal static class CountLine
{
    public static string Of(ProxyCount count)
    {
        var parts = new List<string>
        {
            $"{Counted.Of(count.Connections, "connection")} ({count.Open} open)",
            $"{Bytes(count.BytesUp)} up",
            $"{Bytes(count.BytesDown)} down",
        };
        Add(count.Requests.Requests, "HTTP request");
        Add(count.RequestsFaulted, "of requests changed", "of requests changed");
        Add(count.Requests.Replays, "replay");
        Add(count.ConnectionsDelayed, "connection that waited", "connections that waited");
        Add(count.ConnectionsSilenced, "silenced", "silenced");
        Add(count.Resets, "reset");
        Add(count.Closes, "closed", "closed");
        Add(count.ClosesDelayed, "closed later", "closed later");
        Add(count.UpstreamFailures, "time the upstream could not be reached", "times the upstream could not be reached");
        if (count.BytesDelayed > 0)
            parts.Add($"{Bytes(count.BytesDelayed)} delayed");
        if (count.BytesDropped > 0)
            parts.Add($"{Bytes(count.BytesDropped)} dropped");
        return string.Join(" · ", parts);

        void Add(long number, string noun, string? plural = null)
        {
            if (number > 0)
                parts.Add(Counted.Of(number, noun, plural));
        }
    }

    private static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes / (double)(1L << 30):0.0} GiB",
        >= 1L << 20 => $"{bytes / (double)(1L << 20):0.0} MiB",
        >= 1L << 10 => $"{bytes / (double)(1L << 10):0.0} KiB",
        _ => $"{bytes} B",
    };
}
