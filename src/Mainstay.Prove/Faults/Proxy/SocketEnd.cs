using System.Net.Sockets;

namespace Mainstay.Prove.Faults.Proxy;

internal static class SocketEnd
{
    /// <summary>Closes with RST, or with FIN after what was sent. Never throws.</summary>
    public static void End(this Socket socket, bool reset)
    {
        try
        {
            if (reset)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            else if (socket.Connected)
                socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The other side was faster.
        }
        socket.Dispose();
    }
}
