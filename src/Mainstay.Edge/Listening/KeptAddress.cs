using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Listening;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Listening;

/// <summary>
/// An address that a listener wants, and whether its socket is in someone's keeping beyond this process. One call at a time.
/// </summary>
internal sealed class KeptAddress(ListenSpec spec, IListenSockets sockets)
{
    private bool _isKept;

    public ListenSpec Spec { get; private set; } = spec;

    /// <summary>The socket that listens there already, or a fresh one, not kept yet; throws <see cref="ListenException"/> if there can be none.</summary>
    public Socket Open()
    {
        if (sockets.Find(Spec.Url, new IPEndPoint(Spec.Address, Spec.Port)) is not { } found)
            return ListenSocket.Bind(Spec);
        _isKept = true;
        return ListenSocket.Take(Spec, found);
    }

    /// <summary>Has a fresh socket kept; one that was found is.</summary>
    public void Keep(Socket socket)
    {
        if (_isKept)
            return;
        _isKept = true;
        sockets.Keep(Spec.Url, socket.SafeHandle);
    }

    /// <summary>The manifest writes the same address in another way: the next core will ask for it by that name.</summary>
    public void Rename(ListenSpec spec, Socket socket)
    {
        var before = Spec;
        Spec = spec;
        if (!_isKept || before.Url == spec.Url)
            return;
        sockets.Keep(spec.Url, socket.SafeHandle);
        sockets.Forget(before.Url);
    }

    /// <summary>Nobody is to listen there any more. Further calls do nothing.</summary>
    public void Forget()
    {
        if (!_isKept)
            return;
        _isKept = false;
        sockets.Forget(Spec.Url);
    }

    /// <summary>Whoever keeps the socket goes on keeping it, for another core: from here on nothing is forgotten.</summary>
    public void Leave() => _isKept = false;
}
