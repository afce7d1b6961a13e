using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mainstay.Prove.Tests.Faults.Proxy;

/// <summary>A server on loopback that treats each connection as the test says.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Task _accepting;

    private Upstream(Func<Socket, Task> serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _accepting = AcceptAsync(serve);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    public int Accepted => _sockets.Count;

    public static Upstream Serve(Func<Socket, Task> serve) => new(serve);

    /// <summary>Sends back what comes, and ends when the client does.</summary>
    public static Upstream Echo() => new(async socket =>
    {
        var buffer = new byte[65536];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
            await socket.SendAllAsync(buffer.AsMemory(0, count));
        socket.Shutdown(SocketShutdown.Send);
    });

    /// <summary>Answers every request that ends with an empty line by 200 and a body of so many bytes.</summary>
    public static Upstream Http(int bodyBytes = 2) => new(async socket =>
    {
        while (await Client.ReadHeadAsync(socket) is { Length: > 0 })
            await socket.SendAllAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {bodyBytes}\r\n\r\n{new string('x', bodyBytes)}"));
        socket.Shutdown(SocketShutdown.Send);
    });

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var socket in _sockets)
            socket.Dispose();
        await Task.WhenAll(_serving).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    private async Task AcceptAsync(Func<Socket, Task> serve)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                _sockets.Add(socket);
                _serving.Add(ServeAsync(serve, socket));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
    }

    private static async Task ServeAsync(Func<Socket, Task> serve, Socket socket)
    {
        try
        {
            await serve(socket);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
    }
}
