using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Listening;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Cli.Keeping;

/// <summary>Listening sockets in a keeper: those of an earlier core, and those that systemd handed over (socket activation), which are found by their address.</summary>
internal sealed class KeptSockets(IDescriptors descriptors, Func<IReadOnlyList<string>> keys) : IListenSockets
{
    private const string Listening = "listen/";

    /// <summary>As the keeper names what systemd handed over.</summary>
    private const string Activated = "activated/";

    // Taken up, and not asked for yet: whoever listens there comes later, or never. Not disposed: they are what the keeper holds, once more.
    private readonly List<(string Key, SafeFileHandle Socket)> _activated = [];

    public SafeSocketHandle? Find(string url, IPEndPoint address)
    {
        var number = descriptors.Take(Listening + url) ?? TakeActivated(url, address);
        return number is { } found ? new(found, ownsHandle: true) : null;
    }

    public void Keep(string url, SafeSocketHandle socket) => descriptors.Hold(Listening + url, socket);

    public void Forget(string url) => descriptors.Release(Listening + url);

    /// <summary>Closes those of an earlier core that nobody has asked for.</summary>
    public void CloseUnused()
    {
        foreach (var key in keys().Where(key => key.StartsWith(Listening, StringComparison.Ordinal)))
        {
            if (descriptors.Take(key) is not { } number)
                continue;
            using var unused = new SafeFileHandle(number, ownsHandle: true);
            descriptors.Release(key);
        }
    }

    private int? TakeActivated(string url, IPEndPoint address)
    {
        foreach (var key in keys().Where(key => key.StartsWith(Activated, StringComparison.Ordinal)))
        {
            // A plain descriptor: one that knew itself as a socket would end it for everybody when it is closed.
            if (descriptors.Take(key) is { } number)
                _activated.Add((key, new(number, ownsHandle: true)));
        }

        var index = _activated.FindIndex(activated => IsFor(SocketName.Of((int)activated.Socket.DangerousGetHandle()), address));
        if (index < 0)
            return null;
        var (found, socket) = _activated[index];
        _activated.RemoveAt(index);
        descriptors.Hold(Listening + url, socket);
        descriptors.Release(found);
        var taken = (int)socket.DangerousGetHandle();
        socket.SetHandleAsInvalid();
        return taken;
    }

    /// <summary>The same port; the same address, or all addresses there are for all of IPv4.</summary>
    private static bool IsFor(IPEndPoint? local, IPEndPoint wanted) => local is not null && local.Port == wanted.Port
        && (local.Address.Equals(wanted.Address) || (local.Address.Equals(IPAddress.IPv6Any) && wanted.Address.Equals(IPAddress.Any)));
}
