using System.Net;
using System.Net.Sockets;

namespace Mainstay.Contracts.Listening;

/// <summary>
/// Listening sockets that outlive this process: whoever keeps a descriptor of one keeps its backlog, and with it the clients who come
/// while no core accepts. Asked by the edge, one call at a time. What cannot be kept is the implementation's to tell: nothing here throws.
/// </summary>
/// <remarks>
/// All descriptors of such a socket share it. So none may be shut down, and none disposed while an operation on it is pending: to end that,
/// .NET disconnects the socket for everybody. Disposing a bare <see cref="SafeSocketHandle"/> (or leaving it to its finalizer)
/// makes every connection accepted afterwards, by whomever, end in a reset; dispose a <see cref="Socket"/> made of it, or close(2) the number.
/// And as long as somebody holds the socket, this process's epoll remembers it under the number that was closed: it should not be found again
/// under the same one (fcntl F_DUPFD_CLOEXEC can ask for another), or it is accepted from ten times a second instead of at once.
/// </remarks>
public interface IListenSockets
{
    /// <summary>
    /// A socket that listens already (kept from an earlier core, or handed over by the service manager); null if there is none.
    /// The descriptor is the caller's from then on, is closed on exec, and closing it takes nothing from others.
    /// </summary>
    /// <param name="url">As the manifest writes it: the key. So port 0 comes back to the real port it had.</param>
    /// <param name="address">The same, read; its port may be 0.</param>
    SafeSocketHandle? Find(string url, IPEndPoint address);

    /// <summary>Freshly bound, and listening: to be kept beyond this process. The descriptor stays the caller's.</summary>
    /// <param name="url">As the manifest writes it.</param>
    /// <param name="socket">What is kept must be a duplicate.</param>
    void Keep(string url, SafeSocketHandle socket);

    /// <summary>
    /// Wanted no longer, because the manifest has changed or everything stops. On return nothing but the caller's descriptor keeps
    /// the address. Does nothing for a url that is not kept.
    /// </summary>
    void Forget(string url);
}
