using System.Net;
using System.Net.Sockets;

namespace Mainstay.Testing;

/// <summary>Loopback ports for tests.</summary>
public static class Ports
{
    private static int _next = 20_000 + (Environment.ProcessId % 1000 * 8);

    /// <summary>
    /// A port that nobody listens on. From below the ephemeral range, so that no outgoing connection takes it meanwhile,
    /// and another one at each call.
    /// </summary>
    public static int Free()
    {
        for (var i = 0; i < 1000; i++)
        {
            var port = Interlocked.Increment(ref _next);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
        throw new InvalidOperationException("No free port among 1000.");
    }
}
