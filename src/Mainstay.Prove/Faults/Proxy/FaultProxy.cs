using System.Net;
using System.Net.Sockets;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>
/// A TCP proxy on loopback that breaks what passes, on purpose. Its faults are exchanged all at once, and live connections get the new ones too.
/// Everything ends with it; when its process dies, so do its faults.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    /// <summary>Beyond it, new connections wait in the backlog.</summary>
    public const int MostConnections = 4096;

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly ProxyWorld _world;
    private readonly ListeningPort _port;
    private readonly HashSet<Connection> _live = [];
    private readonly Dictionary<Connection, Task> _running = [];
    private readonly SemaphoreSlim _places = new(MostConnections);
    private readonly Wake _listening = new();
    private Dictionary<Fault, Func<Random, bool>> _tests = new(ReferenceEqualityComparer.Instance);
    private FaultSet _faults = FaultSet.None;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _number;
    private bool _stopped;

    private FaultProxy(FaultProxySpec spec, TimeProvider time)
    {
        Spec = spec;
        _world = new(spec.Upstream, spec.Seed, time);
        _port = new(spec.Listen);
    }

    public FaultProxySpec Spec { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => _port.Endpoint;

    public FaultSet Faults
    {
        get
        {
            lock (_lock)
                return _faults;
        }
    }

    public ProxyCount Count => ProxyCount.Of(_world.Tally, _world.Ledger);

    public RequestLedger Ledger => _world.Ledger;

    /// <exception cref="ArgumentException">It would touch another machine; the message says so in one line.</exception>
    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public static FaultProxy Start(FaultProxySpec spec, TimeProvider time)
    {
        if (spec.Problem is { } problem)
            throw new ArgumentException(problem);
        var proxy = new FaultProxy(spec, time);
        try
        {
            proxy._listener = proxy._port.Listen();
        }
        catch (IOException)
        {
            proxy._port.Dispose();
            throw;
        }
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>Puts exactly these in force, for live connections too, before it returns.</summary>
    public void Set(params ReadOnlySpan<Fault> faults)
    {
        var next = new FaultSet([.. faults]);
        lock (_lock)
        {
            if (_stopped)
                return;
            var tests = new Dictionary<Fault, Func<Random, bool>>(ReferenceEqualityComparer.Instance);
            foreach (var fault in next.OfConnections)
                tests[fault] = _tests.TryGetValue(fault, out var known) ? known : ((IConnectionFault)fault).Begin();
            (_tests, _faults) = (tests, next);
            ListenNeedsLock(!next.Refuses);
            foreach (var connection in _live)
            {
                connection.Apply(next);
                if (next.Refuses)
                    connection.ResetByFault();
            }
        }
    }

    /// <summary>Lifts all faults.</summary>
    public void Clear() => Set();

    /// <summary>Resets the connections of this moment; later ones are not concerned.</summary>
    public void ResetLive()
    {
        lock (_lock)
        {
            foreach (var connection in _live)
                connection.ResetByFault();
        }
    }

    /// <summary>Whether the system refuses connections to it now: evidence that <see cref="Refuse"/> bites.</summary>
    public async Task<bool> IsRefusingAsync(CancellationToken cancel)
    {
        using var probe = new Socket(Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await probe.ConnectAsync(Endpoint, cancel);
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock)
        {
            if (!_stopped)
                ListenNeedsLock(false);
            _stopped = true;
            foreach (var connection in _live)
                connection.Reset();
            running = [.. _running.Values];
        }
        _listening.Set();
        await _accepting;
        await Task.WhenAll(running);
        _port.Dispose();
        _places.Dispose();
    }

    private void ListenNeedsLock(bool wanted)
    {
        if (wanted == _listener is not null)
            return;
        _listener?.Dispose();
        _listener = wanted ? _port.Listen() : null;
        _listening.Set();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket? listener;
            lock (_lock)
            {
                if (_stopped)
                    return;
                listener = _listener;
            }
            if (listener is null)
            {
                await _listening.WaitAsync();
                continue;
            }
            await _places.WaitAsync();
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
            {
                _places.Release();
                // Closed on purpose, or out of descriptors: others may give some back.
                if (failed is SocketException { SocketErrorCode: not SocketError.OperationAborted })
                    await Task.Delay(AcceptPause, _world.Time);
                continue;
            }
            Take(client);
        }
    }

    private void Take(Socket client)
    {
        _world.Tally.Add(Counted.Connections);
        lock (_lock)
        {
            var number = _number++;
            var fails = FailsNeedsLock(_world.ChanceOf(number, 0));
            if (fails || _stopped || _faults.Refuses)
            {
                _world.Tally.Add(Counted.Ended);
                _world.Tally.Add(Counted.Resets);
                _world.Tally.Add(Counted.Refusals);
                client.End(reset: true);
                _places.Release();
                return;
            }
            client.NoDelay = true;
            var connection = new Connection(client, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, number, _world);
            connection.Apply(_faults);
            _live.Add(connection);
            _running[connection] = RunAsync(connection);
        }
    }

    private bool FailsNeedsLock(Random chance)
    {
        var fails = false;
        foreach (var (fault, test) in _tests)
            fails |= (fault.Toxicity >= 1 || chance.NextDouble() < fault.Toxicity) && test(chance);
        return fails;
    }

    private async Task RunAsync(Connection connection)
    {
        // Not under the lock that the caller holds.
        await Task.Yield();
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            lock (_lock)
            {
                _live.Remove(connection);
                _running.Remove(connection);
            }
            _places.Release();
        }
    }
}
