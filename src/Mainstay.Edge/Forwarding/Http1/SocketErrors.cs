using System.Net.Sockets;
using Mainstay.Contracts.Processes;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>Short clauses for logs and status.</summary>
internal static class SocketErrors
{
    public static string Clause(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "connection reset",
        SocketError.OperationAborted => "connection closed",
        SocketError.TimedOut => "connection timed out",
        SocketError.HostUnreachable or SocketError.HostDown => "host unreachable",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "network unreachable",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "host not found",
        SocketError.AddressNotAvailable => "no local port left",
        _ when OwnShortage.Is(error) => "out of sockets",
        SocketError.AccessDenied => "connection not permitted",
        _ => "socket error " + error,
    };
}
