using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Processes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Listening;

/// <summary>
/// One listening socket on which HTTP/1.1 and HTTP/2 by prior knowledge meet. Looks at the first bytes of each connection without
/// consuming them and hands it to the half that speaks its protocol. Looking goes on side by side and never holds up accepting.
/// </summary>
internal sealed class SharedPort : IConnectionListenerFactory, IAsyncDisposable
{
    /// <summary>Once it stops accepting: how long a connection that is already there may take to send its first request.</summary>
    private static readonly TimeSpan LastChance = TimeSpan.FromMilliseconds(250);

    /// <summary>Then: how long the first request of one that has sent something may take to begin.</summary>
    private static readonly TimeSpan LastBeginning = TimeSpan.FromSeconds(1);

    private static readonly LingerOption NoLinger = new(enable: false, seconds: 0);

    private readonly ConnectionGate _gate;
    private readonly SpareDescriptors _spares;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SocketConnectionContextFactory _connections;
    private readonly ProtocolListener _http1;
    private readonly ProtocolListener _http2;
    private readonly ConcurrentDictionary<Arrival, Task> _arriving = new();
    private readonly FirstRequests _firstRequests = new();
    private readonly ITimer _sweep;
    private CancellationTokenSource? _stopAccepting;
    private Task _accepting = Task.CompletedTask;
    private Task? _ending;
    private bool _isLeft;

    /// <param name="socket">Listening already; owned from here on.</param>
    /// <param name="gate">The edge's count of connections.</param>
    /// <param name="spares">Let go when no descriptor is left to accept with.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Of the listening folder.</param>
    public SharedPort(Socket socket, ConnectionGate gate, SpareDescriptors spares, TimeProvider time, ILogger logger)
    {
        Socket = socket;
        _gate = gate;
        _spares = spares;
        _time = time;
        _logger = logger;
        Address = (IPEndPoint)socket.LocalEndPoint!;
        _connections = new(new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = Inline.Wanted }, logger);
        _http1 = new(new ProtocolEndPoint(Address, isHttp2: false));
        _http2 = new(new ProtocolEndPoint(Address, isHttp2: true));
        _sweep = time.CreateTimer(_ => CutSilent(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The one that listens; others may hold it, too.</summary>
    public Socket Socket { get; private set; }

    /// <summary>The real address and port.</summary>
    public IPEndPoint Address { get; }

    public TimeProvider Time => _time;

    public EndPoint Http1 => _http1.EndPoint;

    public EndPoint Http2 => _http2.EndPoint;

    /// <summary>How long a new connection may stay silent.</summary>
    public TimeSpan IdleTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Called by Kestrel, once for each half.</summary>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(endpoint is ProtocolEndPoint { IsHttp2: true } ? _http2 : _http1);

    public void StartAccepting()
    {
        _stopAccepting = new();
        _accepting = AcceptAllAsync(_stopAccepting.Token);
    }

    /// <summary>
    /// Takes in what waits in the backlog and closes the socket; connections go on. <see cref="Reopen"/> undoes it. Further calls do nothing.
    /// </summary>
    public async Task CloseAsync()
    {
        if (!await StopAcceptLoopAsync())
            return;
        await AcceptBacklogAsync();
        Socket.Dispose();
    }

    public void Reopen(Socket socket)
    {
        Socket = socket;
        StartAccepting();
    }

    /// <summary>
    /// Closes the socket and leaves its backlog to whoever holds it as well. Connections go on, also those that have said nothing yet.
    /// Further calls do nothing.
    /// </summary>
    public async Task LeaveAsync()
    {
        _isLeft = true;
        if (await StopAcceptLoopAsync())
            Socket.Dispose();
    }

    /// <summary>
    /// Closes for good, and gives connections that have said nothing yet a last chance (those of a port that was left had theirs).
    /// After this no new connection reaches Kestrel. Further calls do nothing.
    /// </summary>
    public Task StopAcceptingAsync() => _ending ??= EndAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        Socket.Dispose();
        await _sweep.DisposeAsync();
        await _http1.DisposeAsync();
        await _http2.DisposeAsync();
        _connections.Dispose();
    }

    private async Task EndAsync()
    {
        await CloseAsync();
        if (!_isLeft)
            await Task.WhenAny(Task.WhenAll(_arriving.Values), Task.Delay(LastChance, _time));
        foreach (var arrival in _arriving.Keys)
            arrival.Connection.Transport.Input.CancelPendingRead();
        await Task.WhenAll(_arriving.Values);
        await _http1.UnbindAsync();
        await _http2.UnbindAsync();
        if (!_isLeft)
            await Task.WhenAny(_firstRequests.WhenNoneAsync(), Task.Delay(LastBeginning, _time));
    }

    /// <summary>
    /// False if nothing was accepting. A socket is closed only after this: closing one under a pending accept would make .NET disconnect it,
    /// or have its connections reset, for everybody who holds it.
    /// </summary>
    private async Task<bool> StopAcceptLoopAsync()
    {
        if (_stopAccepting is not { } stop)
            return false;
        _stopAccepting = null;
        await stop.CancelAsync();
        await _accepting;
        stop.Dispose();
        return true;
    }

    private async Task AcceptAllAsync(CancellationToken stop)
    {
        long? stuckSince = null;
        while (!stop.IsCancellationRequested)
        {
            if (stuckSince is not null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None);
                if (!_spares.TryHold())
                    continue;
            }
            try
            {
                Take(await Socket.AcceptAsync(stop));
                if (stuckSince is not { } since)
                    continue;
                stuckSince = null;
                _logger.AcceptsAgain(Address, _time.GetElapsedTime(since).TotalSeconds);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The client has gone while it was waiting in the backlog.
            }
            catch (Exception error)
            {
                // Out of descriptors or memory: those who wait stay in the backlog until there is room again. Or .NET cannot wait for this
                // socket (it was closed in this process before, and came back under its old number): then looking now and then has to do.
                var isShortage = OwnShortage.Is(error);
                if (stuckSince is null)
                {
                    _logger.AcceptFailed(Address, isShortage ? "no descriptor is left for one ('ulimit -n', LimitNOFILE of a systemd unit)" : error.Message);
                    stuckSince = _time.GetTimestamp();
                }
                if (isShortage)
                    _spares.Release();
            }
        }
    }

    /// <summary>Closing a listening socket resets whoever waits in its backlog; they are let in first.</summary>
    private async Task AcceptBacklogAsync()
    {
        using var bound = new CancellationTokenSource(LastChance, _time);
        try
        {
            while (Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
                Take(await Socket.AcceptAsync(bound.Token));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // Gone meanwhile.
        }
    }

    private void Take(Socket accepted)
    {
        if (!_gate.TryEnter())
        {
            _logger.TooManyConnections(Address, _gate.Limit);
            accepted.Close(timeout: 0);
            return;
        }
        ConnectionContext connection;
        try
        {
            accepted.NoDelay = true;
            // Inherited from the listening socket, which another process that holds it may have closed the hard way.
            accepted.LingerState = NoLinger;
            connection = _connections.Create(accepted);
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException)
        {
            // Reset before we got to it.
            accepted.Dispose();
            _gate.Leave();
            return;
        }
        connection.ConnectionClosed.UnsafeRegister(static gate => ((ConnectionGate)gate!).Leave(), _gate);
        var arrival = new Arrival(connection, _time.GetTimestamp());
        var handingOver = HandOverAsync(arrival);
        if (handingOver.IsCompleted)
            return;
        _arriving[arrival] = handingOver;
        // It may have ended just before it was put in.
        if (handingOver.IsCompleted)
            _arriving.TryRemove(arrival, out _);
    }

    /// <summary>Never faults.</summary>
    private async Task HandOverAsync(Arrival arrival)
    {
        var connection = arrival.Connection;
        var handedOver = false;
        try
        {
            handedOver = await JudgeAsync(connection) switch
            {
                FirstBytes.Http1 => TryHandOver(connection, _http1),
                FirstBytes.Http2 => TryHandOver(connection, _http2),
                _ => false,
            };
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The client broke off before it said anything.
        }
        finally
        {
            if (!handedOver)
                await connection.DisposeAsync();
            _arriving.TryRemove(arrival, out _);
        }
    }

    /// <summary>Undecided if the client said nothing before it was closed or cut.</summary>
    private static async ValueTask<FirstBytes> JudgeAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync();
            var verdict = read.Buffer.IsEmpty ? FirstBytes.Undecided : Preface.Judge(read.Buffer);
            // A request line cut short by a stop or the end is still Kestrel's to answer.
            var last = read.IsCompleted || read.IsCanceled;
            if (verdict == FirstBytes.Undecided && last && !read.Buffer.IsEmpty)
                verdict = FirstBytes.Http1;
            input.AdvanceTo(read.Buffer.Start, verdict == FirstBytes.Undecided ? read.Buffer.End : read.Buffer.Start);
            if (verdict != FirstBytes.Undecided || last)
                return verdict;
        }
    }

    private bool TryHandOver(ConnectionContext connection, ProtocolListener half)
    {
        var first = _firstRequests.Await();
        connection.Features.Set(first);
        connection.ConnectionClosed.UnsafeRegister(static first => ((FirstRequests.FirstRequest)first!).End(), first);
        return half.TryHandOver(connection);
    }

    private void CutSilent()
    {
        foreach (var arrival in _arriving.Keys)
        {
            if (IdleTimeout != Timeout.InfiniteTimeSpan && _time.GetElapsedTime(arrival.Since) >= IdleTimeout)
                arrival.Connection.Transport.Input.CancelPendingRead();
        }
    }

    /// <summary>A connection that has not said yet what it speaks. Compared by identity.</summary>
    private sealed class Arrival(ConnectionContext connection, long since)
    {
        public ConnectionContext Connection { get; } = connection;

        public long Since { get; } = since;
    }
}
