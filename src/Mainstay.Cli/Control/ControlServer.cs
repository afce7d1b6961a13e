using System.Net.Sockets;
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

    private readonly string _path;
    private readonly IControlled _controlled;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<Task, ControlConnection> _clients = [];
    private readonly Task _accepting;
    private readonly Lazy<Task> _ended;

    private ControlServer(string path, IControlled controlled, TimeProvider time, Socket listener)
    {
        (_path, _controlled, _time, _listener) = (path, controlled, time, listener);
        _accepting = AcceptAsync();
        _ended = new(EndAsync);
    }

    /// <summary>Binds and listens. The socket can be used by its owner only.</summary>
    public static ControlServer Start(string path, IControlled controlled, TimeProvider time)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(MaxClients);
            return new(path, controlled, time, listener);
        }
        catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            throw CommandFailure.Failed($"cannot make the control socket {path}: {refused.Message.Split('\n')[0].TrimEnd('.')}");
        }
    }

    public ValueTask DisposeAsync() => new(_ended.Value);

    private async Task EndAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The next start finds it and takes it away.
        }
        await _accepting;
        await Task.WhenAny(Task.WhenAll(Clients()), Task.Delay(Farewell, _time));
        foreach (var connection in Connections())
            connection.Dispose();
        await Task.WhenAll(Clients());
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_closing.Token);
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
            catch (SocketException) when (!_closing.IsCancellationRequested)
            {
                // Out of descriptors, or a client that was gone before it was accepted: the others matter more.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time);
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
