using System.Net;
using System.Net.Sockets;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>
/// A port that stays ours whether or not we listen on it: one socket is bound for good and never listens; another one comes and goes
/// (SO_REUSEPORT lets both have it). Without a listener the system refuses connections.
/// </summary>
internal sealed class ListeningPort : IDisposable
{
    private const int Backlog = 512;

    private readonly Socket _reserved;

    public ListeningPort(IPEndPoint wanted)
    {
        // Shared only once it is ours: another proxy that listens here must not share it with us. macOS wants to know before.
        _reserved = Bind(wanted, isShared: OperatingSystem.IsMacOS());
        Share(_reserved);
        Endpoint = (IPEndPoint)_reserved.LocalEndPoint!;
    }

    public IPEndPoint Endpoint { get; }

    public Socket Listen()
    {
        var socket = Bind(Endpoint, isShared: true);
        socket.Listen(Backlog);
        return socket;
    }

    public void Dispose() => _reserved.Dispose();

    private static void Share(Socket socket)
    {
        var (level, option) = OperatingSystem.IsMacOS() ? (0xffff, 0x200) : (1, 15);
        socket.SetRawSocketOption(level, option, BitConverter.GetBytes(1));
    }

    private static Socket Bind(IPEndPoint endpoint, bool isShared)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (isShared)
                Share(socket);
            socket.Bind(endpoint);
            return socket;
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException($"cannot listen on {endpoint}: {refused.Message}; choose another port", refused);
        }
    }
}
