using System.Net;
using System.Net.Sockets;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Listening;

/// <summary>A socket that listens on an address, or one line that says why there is none.</summary>
internal static class ListenSocket
{
    private const int Backlog = 1024;

    public static Socket Bind(ListenSpec spec)
    {
        var address = new IPEndPoint(spec.Address, spec.Port);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(address);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new ListenException($"cannot listen on {spec.Url}: {Reason(spec, error)}") { IsPortTaken = error.SocketErrorCode == SocketError.AddressAlreadyInUse };
        }
    }

    /// <summary>One that listens already, and that other processes may hold as well.</summary>
    public static Socket Take(ListenSpec spec, SafeSocketHandle found)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(found);
            if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is not 0)
                return socket;
            socket.Dispose();
            throw new ListenException($"cannot listen on {spec.Url}: the socket that was handed over does not listen");
        }
        catch (SocketException error)
        {
            if (socket is null)
                found.Dispose();
            socket?.Dispose();
            throw new ListenException($"cannot listen on {spec.Url}: the socket that was handed over cannot be used ({error.Message})");
        }
    }

    private static string Reason(ListenSpec spec, SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"port {spec.Port} is already in use{PortOwner.Describe(spec.Port)}; stop that, or choose another port in edge.listen",
        SocketError.AccessDenied =>
            $"not permitted (ports below 1024 need root or the capability CAP_NET_BIND_SERVICE); choose a port from 1024 on in edge.listen",
        SocketError.AddressNotAvailable =>
            $"{spec.Address} is not an address of this machine; use one that is, or 0.0.0.0 for all, in edge.listen",
        SocketError.AddressFamilyNotSupported =>
            $"this machine has no {(spec.Address.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4")}; choose another address in edge.listen",
        _ => $"{error.Message}; see edge.listen",
    };
}
