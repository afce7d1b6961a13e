using System.Net;
using System.Net.Sockets;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Listening;

/// <summary>Binds an address, or says in one line why it cannot be bound.</summary>
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
