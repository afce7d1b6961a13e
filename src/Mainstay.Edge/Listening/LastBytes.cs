using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Mainstay.Edge.Listening;

/// <summary>
/// A connection that has ended for Kestrel goes on until its last bytes are sent, and a client that takes nothing could hold it, and its place
/// among the edge's connections, for ever. From its end on it may be as long silent as an idle one: the kernel counts (on Linux).
/// </summary>
internal static class LastBytes
{
    // linux/tcp.h: how long sent bytes may stay unacknowledged, or bytes may wait at a closed window, in ms.
    private const int ProtocolTcp = 6;
    private const int TcpUserTimeout = 18;

    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, SharedPort port)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            Bound(connection, port.IdleTimeout);
        }
    }

    private static void Bound(ConnectionContext connection, TimeSpan limit)
    {
        if (!OperatingSystem.IsLinux() || limit <= TimeSpan.Zero || connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return;
        var milliseconds = (int)Math.Clamp(limit.TotalMilliseconds, 1, int.MaxValue);
        try
        {
            socket.SetRawSocketOption(ProtocolTcp, TcpUserTimeout, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in milliseconds)));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Over already.
        }
    }
}
