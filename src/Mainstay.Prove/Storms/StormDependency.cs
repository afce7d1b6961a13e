using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Storms;

/// <summary>What the app asks for prices: a tiny HTTP server in this process, which can be told to take requests and answer none.</summary>
internal sealed class StormDependency : IAsyncDisposable
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n42\n");
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];
    private TaskCompletionSource? _hung;

    private StormDependency()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Url = $"http://{_listener.LocalEndPoint}";
    }

    public string Url { get; }

    public static StormDependency Start()
    {
        var dependency = new StormDependency();
        dependency.Run(dependency.AcceptAsync);
        return dependency;
    }

    /// <summary>From now on requests are taken and not answered.</summary>
    public void Hang()
    {
        lock (_gate)
            _hung ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Answers again, also what has waited.</summary>
    public void GoOn()
    {
        TaskCompletionSource? hung;
        lock (_gate)
            (hung, _hung) = (_hung, null);
        hung?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        Task[] tasks;
        lock (_gate)
            tasks = [.. _tasks];
        await Task.WhenAll(tasks);
        _ended.Dispose();
    }

    /// <summary>Whoever disposes waits for it.</summary>
    private void Run(Func<Task> work)
    {
        lock (_gate)
            _tasks.Add(UntilEndAsync());

        async Task UntilEndAsync()
        {
            await Task.Yield();
            try
            {
                await work();
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client has gone, or the storm is over.
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptAsync(_ended.Token);
            lock (_gate)
                _tasks.RemoveWhere(task => task.IsCompleted);
            Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var _ = client;
        client.NoDelay = true;
        var buffer = new byte[8192];
        for (var length = 0; ;)
        {
            var read = await client.ReceiveAsync(buffer.AsMemory(length), _ended.Token);
            if (read == 0)
                return;
            length += read;
            for (int end; (end = buffer.AsSpan(0, length).IndexOf(HeadEnd)) >= 0;)
            {
                var rest = end + HeadEnd.Length;
                buffer.AsSpan(rest, length - rest).CopyTo(buffer);
                length -= rest;
                await Waiting().WaitAsync(_ended.Token);
                await client.SendAsync(Answer, _ended.Token);
            }
            if (length == buffer.Length)
                return;
        }
    }

    private Task Waiting()
    {
        lock (_gate)
            return _hung?.Task ?? Task.CompletedTask;
    }
}
