using System.Net;
using System.Net.Sockets;

namespace Mainstay.Supervisor.Probing;

/// <summary>Connects to a replica's port on 127.0.0.1.</summary>
internal static class LoopbackConnection
{
    /// <summary>A connected socket; throws <see cref="SocketException"/> when nothing accepts.</summary>
    public static async Task<Socket> OpenAsync(int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
