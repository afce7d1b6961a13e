using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Cli.Tests.Loading;

/// <summary>Answers every request with the same bytes, and keeps what it was asked for first.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _answer;
    private readonly Task _accepting;

    public AnsweringServer(string answer)
    {
        _answer = Encoding.ASCII.GetBytes(answer);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(100);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The first request, as it came.</summary>
    public string First { get; private set; } = "";

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
        var buffer = new byte[65536];
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, _end.Token)) > 0;)
            {
                if (First.Length == 0)
                    First = Encoding.ASCII.GetString(buffer, 0, read);
                await socket.SendAsync(_answer, _end.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The client has gone, or the test is over.
        }
    }
}
