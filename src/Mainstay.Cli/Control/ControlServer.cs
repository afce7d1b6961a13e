using System.Net.Sockets;
using Mainstay.Cli.Keeping;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Control;

/// <summary>
/// Listens on the control socket. Every client is served by itself, so that none can hold up another; their number is bounded, and so is
/// what each may say. The caller holds the folder's <see cref="RunLock"/>: a socket found in the way is nobody's.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    internal const int MaxClients = 64;

    /// <summary>For the last words to whoever still listens.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private const string ListenerKey = "control";

    private readonly string _path;
    private readonly IDescriptors _descriptors;
    private readonly IControlled _controlled;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<Task, ControlConnection> _clients = [];
    private readonly Lazy<Task> _ended;
    private CancellationTokenSource _accepts = new();
    private Task _accepting = Task.CompletedTask;
    private bool _hasLeft;

    private ControlServer(string path, IControlled controlled, IDescriptors descriptors, TimeProvider time, Socket listener)
    {
        (_path, _controlled, _descriptors, _time, _listener) = (path, controlled, descriptors, time, listener);
        Accept();
        _ended = new(EndAsync);
    }

    /// <summary>Binds and listens, or goes on listening where an earlier core did. The socket can be used by its owner only.</summary>
    public static ControlServer Start(string path, IControlled controlled, IDescriptors descriptors, TimeProvider time)
    {
        if (descriptors.Take(ListenerKey) is { } kept)
            return new(path, controlled, descriptors, time, new(new SafeSocketHandle(kept, ownsHandle: true)));
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(MaxClients);
            descriptors.Hold(ListenerKey, listener.SafeHandle);
            return new(path, controlled, descriptors, time, listener);
        }
        catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            throw CommandFailure.Failed($"cannot make the control socket {path}: {refused.Message.Split('\n')[0].TrimEnd('.')}");
        }
    }

    /// <summary>Begins to accept, or goes on after <see cref="LeaveAsync"/>.</summary>
    public void Accept()
    {
        _hasLeft = false;
        _accepts = new();
        _accepting = AcceptAsync(_accepts.Token);
    }

    /// <summary>Another core accepts from here on, on the same socket. Whoever is being served goes on.</summary>
    public async Task LeaveAsync()
    {
        _hasLeft = true;
        await _accepts.CancelAsync();
        await _accepting;
    }

    public ValueTask DisposeAsync() => new(_ended.Value);

    private async Task EndAsync()
    {
        await _closing.CancelAsync();
        await _accepts.CancelAsync();
        // Awaited first: an operation that is pending on the listener would be ended by shutting it down, for everybody who shares it.
        await _accepting;
        // One that another core accepts on is not disposed: with it would go the path, which leads to the other, too. It ends with this process.
        if (!_hasLeft)
        {
            _listener.Dispose();
            Remove();
        }
        await Task.WhenAny(Task.WhenAll(Clients()), Task.Delay(Farewell, _time));
        foreach (var connection in Connections())
            connection.Dispose();
        await Task.WhenAll(Clients());
        _closing.Dispose();
        _accepts.Dispose();
    }

    private void Remove()
    {
        _descriptors.Release(ListenerKey);
        try
        {
            File.Delete(_path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The next start finds it and takes it away.
        }
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(stop);
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                Admit(socket);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!stop.IsCancellationRequested)
            {
                // Out of descriptors, or a client that was gone before it was accepted: the others matter more.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None);
            }
        }
    }

    private void Admit(Socket socket)
    {
        lock (_clients)
        {
            if (_clients.Count >= MaxClients || !Ownership.MayControl(socket))
            {
                socket.Dispose();
                return;
            }
            var connection = new ControlConnection(socket);
            var session = ServeAsync(connection);
            _clients[session] = connection;
            _ = session.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(ControlConnection connection)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using (connection)
            await new ControlSession(connection, _controlled, _time).RunAsync(_closing.Token);
    }

    private void Forget(Task session)
    {
        lock (_clients)
            _clients.Remove(session);
    }

    private Task[] Clients()
    {
        lock (_clients)
            return [.. _clients.Keys];
    }

    private ControlConnection[] Connections()
    {
        lock (_clients)
            return [.. _clients.Values];
    }
}
