using System.Net;
using System.Net.Sockets;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>Connects to an upstream: an address, a name or a Unix socket.</summary>
internal static class Dial
{
    public static async ValueTask<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancel)
    {
        var socket = NewSocket(endPoint);
        try
        {
            await socket.ConnectAsync(endPoint, cancel);
            if (IsConnectedToItself(socket))
                throw new SocketException((int)SocketError.ConnectionRefused);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket NewSocket(EndPoint endPoint)
    {
        if (endPoint is UnixDomainSocketEndPoint)
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var socket = endPoint is IPEndPoint
            ? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        return socket;
    }

    /// <summary>A connect to a free port of the ephemeral range can meet its own other end.</summary>
    private static bool IsConnectedToItself(Socket socket) =>
        socket.LocalEndPoint is IPEndPoint local && local.Equals(socket.RemoteEndPoint);
}
