using System.Net;
using System.Net.Sockets;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>Connections straight to replicas that say nothing: each needs a descriptor there. They end when this is disposed.</summary>
internal sealed class Callers : IDisposable
{
    private readonly List<Socket> _sockets = [];

    /// <param name="servers">On loopback.</param>
    /// <param name="each">Connections to each.</param>
    public Callers(IEnumerable<IPEndPoint> servers, int each)
    {
        foreach (var server in servers.SelectMany(server => Enumerable.Repeat(server, each)))
        {
            var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _sockets.Add(socket);
            try
            {
                socket.Connect(server);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // The kernel goes on with it.
            }
            catch (SocketException)
            {
                // It does not listen: one that waits less.
            }
        }
    }

    public int Count => _sockets.Count;

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
