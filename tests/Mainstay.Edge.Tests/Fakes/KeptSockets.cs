using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mainstay.Contracts.Listening;

namespace Mainstay.Edge.Tests.Fakes;

/// <summary>Keeps real second descriptors of the same sockets, as another process would, and writes down what it was asked to do.</summary>
internal sealed class KeptSockets : IListenSockets, IDisposable
{
    private const int DuplicateCloseOnExec = 1030;
    private static readonly Lock Gate = new();
    private static int _latest = 300;
    private readonly Dictionary<string, int> _kept = [];

    /// <summary>Found sockets may come back under a number that was closed.</summary>
    public bool ReusesNumbers { get; set; }

    /// <summary>"keep URL" and "forget URL", in order.</summary>
    public List<string> Calls { get; } = [];

    public IEnumerable<string> Urls => _kept.Keys;

    /// <summary>As a service manager would, before anybody has asked.</summary>
    public void HandOver(string url, Socket socket)
    {
        _kept[url] = Duplicate((int)socket.Handle);
        socket.Dispose();
    }

    public SafeSocketHandle? Find(string url, IPEndPoint address) =>
        _kept.TryGetValue(url, out var kept) ? new SafeSocketHandle(ReusesNumbers ? Duplicate(kept) : DuplicateHigher(kept), ownsHandle: true) : null;

    public void Keep(string url, SafeSocketHandle socket)
    {
        Calls.Add($"keep {url}");
        _kept.Add(url, Duplicate((int)socket.DangerousGetHandle()));
    }

    public void Forget(string url)
    {
        Calls.Add($"forget {url}");
        if (_kept.Remove(url, out var kept))
            _ = close(kept);
    }

    /// <summary>One more descriptor of a kept socket, for a test to use in its own way.</summary>
    public Socket Another(string url) => new(Find(url, new(0, 0))!);

    public void Dispose()
    {
        foreach (var kept in _kept.Values)
            _ = close(kept);
        _kept.Clear();
    }

    /// <summary>Several edges of this process share its epoll, which tells the same socket apart only by numbers never used before.</summary>
    private static int DuplicateHigher(int descriptor)
    {
        lock (Gate)
            return _latest = Duplicate(descriptor, _latest + 1);
    }

    private static int Duplicate(int descriptor, int least = 0) => fcntl(descriptor, DuplicateCloseOnExec, least) is var copy and >= 0
        ? copy
        : throw new IOException($"fcntl: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(int descriptor, int command, int least);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
}
