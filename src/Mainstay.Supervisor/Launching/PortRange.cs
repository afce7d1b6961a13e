using Mainstay.Contracts.Processes;

namespace Mainstay.Supervisor.Launching;

/// <summary>
/// Where replicas listen: beside the ports that the system hands to outgoing connections. On one of those, a probe of a port nobody listens on
/// can connect to itself and look like a ready replica.
/// </summary>
/// <param name="First">The first port.</param>
/// <param name="Last">The last one, included.</param>
internal readonly record struct PortRange(int First, int Last)
{
    private const int Wanted = 12_768; // with Linux's usual 32768 the range begins at 20000
    private const int Least = 1_000;
    private const int FirstUnprivileged = 1024;

    public int Count => Last - First + 1;

    public bool Contains(int port) => port >= First && port <= Last;

    /// <summary>The range for this machine.</summary>
    public static PortRange OfThisMachine()
    {
        Span<byte> buffer = stackalloc byte[64];
        return ProcFile.TryRead("/proc/sys/net/ipv4/ip_local_port_range", buffer, out var length)
            ? Beside(System.Text.Encoding.ASCII.GetString(buffer[..length]))
            : new PortRange(20_000, 49_151); // macOS: below the dynamic ports of IANA
    }

    /// <param name="ephemeral">The text of ip_local_port_range: the first and the last port of outgoing connections.</param>
    public static PortRange Beside(string ephemeral)
    {
        var words = ephemeral.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var lowText, var highText] || !int.TryParse(lowText, out var low) || !int.TryParse(highText, out var high))
            return new PortRange(20_000, 32_767);
        var below = new PortRange(Math.Max(FirstUnprivileged, low - Wanted), low - 1);
        if (below.Count >= Least)
            return below;
        var above = new PortRange(high + 1, Math.Min(65_535, high + Wanted));
        // Everything is ephemeral: nothing left to choose, the check that the listener is the replica's own must do.
        return above.Count >= Least ? above : new PortRange(20_000, 32_767);
    }
}
