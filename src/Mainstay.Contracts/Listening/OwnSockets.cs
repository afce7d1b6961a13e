using System.Net;
using System.Net.Sockets;

namespace Mainstay.Contracts.Listening;

/// <summary>Nobody keeps sockets for this process: it binds its own, and they end with it.</summary>
public sealed class OwnSockets : IListenSockets
{
    public static OwnSockets Instance { get; } = new();

    private OwnSockets()
    {
    }

    public SafeSocketHandle? Find(string url, IPEndPoint address) => null;

    public void Keep(string url, SafeSocketHandle socket)
    {
        // Ends with this process.
    }

    public void Forget(string url)
    {
        // Never kept.
    }
}
