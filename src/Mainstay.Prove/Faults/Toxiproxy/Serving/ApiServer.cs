using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Faults.Toxiproxy.Serving;

/// <summary>Serves the API on loopback: HTTP/1.1 on plain sockets, a bounded number of connections.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const int MostConnections = 64;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _places = new(MostConnections);
    private readonly Func<ApiRequest, Task<ApiAnswer>> _answer;
    private readonly TimeProvider _time;
    private readonly HashSet<Task> _serving = [];
    private readonly Task _accepting;

    private ApiServer(int port, Func<ApiRequest, Task<ApiAnswer>> answer, TimeProvider time)
    {
        (_answer, _time) = (answer, time);
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _listener.Listen(MostConnections);
        }
        catch (SocketException refused)
        {
            _listener.Dispose();
            throw new IOException($"cannot listen on 127.0.0.1:{port} for the API: {refused.Message}; choose another port", refused);
        }
        Endpoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <param name="port">On 127.0.0.1; 0: any free one.</param>
    /// <param name="answer">Throws <see cref="ApiException"/> for what it refuses; called by several connections at once.</param>
    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public static ApiServer Start(int port, Func<ApiRequest, Task<ApiAnswer>> answer, TimeProvider time) => new(port, answer, time);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] serving;
        lock (_serving)
            serving = [.. _serving];
        await Task.WhenAll(serving);
        _stopping.Dispose();
        _places.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stopping.Token);
                var socket = await _listener.AcceptAsync(_stopping.Token);
                lock (_serving)
                {
                    _serving.RemoveWhere(task => task.IsCompleted);
                    _serving.Add(ServeAsync(socket));
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        await using var timer = _time.CreateTimer(_ => socket.Dispose(), null, IdleLimit, Timeout.InfiniteTimeSpan);
        var reader = new ApiReader(socket);
        try
        {
            while (await ServeOneAsync(socket, reader, idle.Token))
                timer.Change(IdleLimit, Timeout.InfiniteTimeSpan);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or too slow.
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>False: the connection is over.</summary>
    private async Task<bool> ServeOneAsync(Socket socket, ApiReader reader, CancellationToken cancel)
    {
        ApiRequest? request = null;
        ApiAnswer answer;
        try
        {
            request = await reader.ReadAsync(cancel);
            if (request is null)
                return false;
            answer = await _answer(request);
        }
        catch (ApiException refused)
        {
            answer = new(refused.Status, ToxiproxyJson.Error(refused.Status, refused.Message));
        }
        var stays = request is { Close: false };
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} {(answer.Status < 400 ? "OK" : "Refused")}\r\n");
        if (answer.Json is not null)
            head.Append("Content-Type: application/json\r\n");
        if (answer.Status != 204)
            head.Append($"Content-Length: {answer.Json?.Length ?? 0}\r\n");
        head.Append(stays ? "\r\n" : "Connection: close\r\n\r\n");
        ReadOnlyMemory<byte> bytes = (byte[])[.. Encoding.ASCII.GetBytes(head.ToString()), .. request?.Method == "HEAD" ? [] : answer.Json ?? []];
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, cancel)..];
        if (!stays)
            socket.Shutdown(SocketShutdown.Send);
        return stays;
    }
}
