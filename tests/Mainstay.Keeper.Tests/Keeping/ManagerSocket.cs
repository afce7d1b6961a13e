using System.Net.Sockets;
using System.Text;

namespace Mainstay.Keeper.Tests.Keeping;

/// <summary>A service manager's end of NOTIFY_SOCKET: a real Unix datagram socket.</summary>
internal sealed class ManagerSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };

    /// <param name="address">As in NOTIFY_SOCKET.</param>
    public ManagerSocket(string address) => _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));

    public bool IsEmpty => !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <summary>The next datagram.</summary>
    public string Receive()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer.AsSpan(0, _socket.Receive(buffer)));
    }

    public void Dispose() => _socket.Dispose();
}
