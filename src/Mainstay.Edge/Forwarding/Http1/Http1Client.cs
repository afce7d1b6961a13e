using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Processes;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>
/// HTTP/1.1 to one upstream, on sockets. Each attempt is sent at most once, and what became of it is known exactly.
/// </summary>
internal sealed class Http1Client(EndPoint endPoint, string authority, Http1Options options, TimeProvider time) : IUpstreamClient
{
    private readonly IdleConnections _idle = new(options, time);
    private readonly HashSet<Http1Connection> _open = [];
    private volatile bool _isRetired;
    private volatile bool _isDisposed;

    /// <summary>Connections that wait for their next request.</summary>
    public int IdleCount => _idle.Count;

    /// <summary>All connections, in use or not.</summary>
    public int OpenCount
    {
        get
        {
            lock (_open)
                return _open.Count;
        }
    }

    public ValueTask SendAsync(Attempt attempt, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            Fail(attempt, AttemptFailure.Cancelled, "given up");
            return ValueTask.CompletedTask;
        }
        while (true)
        {
            if (_idle.Take(attempt.NeedsFreshConnection, out var bad) is { } connection)
                return connection.ExchangeAsync(attempt, cancel);
            if (bad is null)
                return ConnectAndExchangeAsync(attempt, cancel);
            Discard(bad);
        }
    }

    public void Retire()
    {
        _isRetired = true;
        foreach (var connection in _idle.CloseAll())
            Discard(connection);
        _idle.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Retire();
        Http1Connection[] left;
        lock (_open)
        {
            left = [.. _open];
            _open.Clear();
        }
        foreach (var connection in left)
            connection.Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Keeps a connection whose exchange is over.</summary>
    public void Park(Http1Connection connection)
    {
        connection.LastUsed = time.GetTimestamp();
        if (_isRetired || !connection.TryRest() || !_idle.TryAdd(connection))
            Discard(connection);
    }

    public void Discard(Http1Connection connection)
    {
        connection.Close();
        lock (_open)
            _open.Remove(connection);
    }

    private async ValueTask ConnectAndExchangeAsync(Attempt attempt, CancellationToken cancel)
    {
        if (await ConnectAsync(attempt, cancel) is { } connection)
            await connection.ExchangeAsync(attempt, cancel);
    }

    private async ValueTask<Http1Connection?> ConnectAsync(Attempt attempt, CancellationToken cancel)
    {
        if (_isDisposed)
            return Fail(attempt, AttemptFailure.Unconnected, "client closed");
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return Open(await Dial.ConnectAsync(endPoint, either.Token)) ?? Fail(attempt, AttemptFailure.Unconnected, "client closed");
        }
        catch (OperationCanceledException)
        {
            return cancel.IsCancellationRequested
                ? Fail(attempt, AttemptFailure.Cancelled, "given up")
                : Fail(attempt, AttemptFailure.Unconnected, "no connection in time");
        }
        catch (SocketException error)
        {
            attempt.IsOurShortage = OwnShortage.Is(error);
            return Fail(attempt, AttemptFailure.Unconnected, SocketErrors.Clause(error.SocketErrorCode));
        }
    }

    private Http1Connection? Open(Socket socket)
    {
        var connection = new Http1Connection(this, socket, authority, options, time) { LastUsed = time.GetTimestamp() };
        lock (_open)
        {
            if (!_isDisposed)
            {
                _open.Add(connection);
                return connection;
            }
        }
        connection.Close();
        return null;
    }

    private static Http1Connection? Fail(Attempt attempt, AttemptFailure failure, string detail)
    {
        attempt.Failure = failure;
        attempt.Detail = detail;
        return null;
    }
}
