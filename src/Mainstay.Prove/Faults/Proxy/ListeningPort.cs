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
        _reserved = Bind(wanted);
        Endpoint = (IPEndPoint)_reserved.LocalEndPoint!;
    }

    public IPEndPoint Endpoint { get; }

    public Socket Listen()
    {
        var socket = Bind(Endpoint);
        socket.Listen(Backlog);
        return socket;
    }

    public void Dispose() => _reserved.Dispose();

    private static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            var (level, option) = OperatingSystem.IsMacOS() ? (0xffff, 0x200) : (1, 15);
            socket.SetRawSocketOption(level, option, BitConverter.GetBytes(1));
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
