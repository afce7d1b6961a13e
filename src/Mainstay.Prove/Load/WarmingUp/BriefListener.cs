using System.Net;
using System.Net.Sockets;

namespace Mainstay.Prove.Load.WarmingUp;

/// <summary>Answers whatever comes shortly, in one of two ways, as fast as possible, on a port of its own.</summary>
internal sealed class BriefListener : IAsyncDisposable
{
    private static readonly byte[][] Answers =
    [
        "HTTP/1.1 200 OK\r\nServer: warm-up\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(),
        "HTTP/1.1 200 OK\r\nServer: warm-up\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"u8.ToArray(),
    ];

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    public BriefListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptAsync(_end.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var served = socket;
        var buffer = new byte[4096];
        try
        {
            for (var i = 0; await socket.ReceiveAsync(buffer, _end.Token) > 0; i++)
                await socket.SendAsync(Answers[i % Answers.Length], _end.Token);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The warm-up is over.
        }
    }
}
