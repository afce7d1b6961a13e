using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Launching;

namespace Mainstay.Supervisor.Launching;

/// <summary>
/// Allots loopback ports to replicas. No port is given twice at a time; one that was given back comes round again as late as possible,
/// so that late connections for an old replica do not reach a new one. Thread-safe.
/// </summary>
internal sealed class PortAllocator(PortRange range, int seed)
{
    private readonly Lock _choosing = new();
    private readonly HashSet<int> _taken = [];
    private readonly HashSet<int> _avoided = [];
    private int _next = new Random(seed).Next(range.Count);

    /// <summary>A port nobody listens on now. Fails with a <see cref="LaunchException"/> when the range is used up.</summary>
    public PortReservation Reserve()
    {
        lock (_choosing)
        {
            return (Choose(_avoided) ?? Choose([])) is { } port
                ? new PortReservation(this, port)
                : throw new LaunchException($"no free port between {range.First} and {range.Last}: end what listens there");
        }
    }

    /// <summary>The port of a replica that runs already.</summary>
    public PortReservation Claim(int port)
    {
        lock (_choosing)
            _taken.Add(port);
        return new PortReservation(this, port);
    }

    /// <summary>A replica found the port taken although it looked free: it is not given again while there are others.</summary>
    public void Avoid(int port)
    {
        lock (_choosing)
            _avoided.Add(port);
    }

    internal void Release(int port)
    {
        lock (_choosing)
            _taken.Remove(port);
    }

    private int? Choose(HashSet<int> avoided)
    {
        for (var tries = 0; tries < range.Count; tries++)
        {
            var port = range.First + _next;
            _next = (_next + 1) % range.Count;
            if (avoided.Contains(port) || _taken.Contains(port) || !IsFree(port))
                continue;
            _taken.Add(port);
            return port;
        }

        return null;
    }

    /// <summary>
    /// Asked for every address that an app may bind (Node takes all of IPv6 and IPv4 at once): which of them conflict differs between platforms.
    /// </summary>
    private static bool IsFree(int port) =>
        CanBind(IPAddress.Loopback, port) && CanBind(IPAddress.Any, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Any, port));

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException problem)
        {
            // A machine without IPv6 addresses refuses for another reason, and will refuse an app too.
            return address.AddressFamily == AddressFamily.InterNetworkV6
                && problem.SocketErrorCode is not (SocketError.AddressAlreadyInUse or SocketError.AccessDenied);
        }
    }
}

/// <summary>A port that nobody else of ours gets until this is disposed.</summary>
internal sealed class PortReservation(PortAllocator allocator, int port) : IDisposable
{
    private int _released;

    public int Port => port;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
            allocator.Release(port);
    }
}
