using System.Net;
using Mainstay.Edge.Exchanges;
using Mainstay.Manifest.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mainstay.Edge.Listening;

/// <summary>One address clients connect to: a shared port and a Kestrel of its own, so that it comes and goes without touching the others.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly KeptAddress _address;
    private readonly SharedPort _port;
    private readonly KestrelServerOptions _options;
    private readonly KestrelServer _server;
    private readonly ListenerState _state = new();

    /// <param name="address">The port's; opened.</param>
    /// <param name="port">Owned from here on.</param>
    /// <param name="limits">As the manifest wants them now.</param>
    /// <param name="logs">Where Kestrel logs to.</param>
    public Listener(KeptAddress address, SharedPort port, EdgeLimitsSpec limits, ILoggerFactory logs)
    {
        _address = address;
        _port = port;
        _options = KestrelSettings.Create(port);
        ApplyLimits(limits);
        _server = new(Options.Create(_options), port, logs);
    }

    public ListenSpec Spec => _address.Spec;

    /// <summary>As written, with the real port.</summary>
    public string Url => Spec.Port != 0 ? Spec.Url : Spec.Url.EndsWith(":0", StringComparison.Ordinal) ? $"{Spec.Url[..^1]}{_port.Address.Port}" : $"http://{_port.Address}";

    /// <summary>The real address and port.</summary>
    public IPEndPoint Address => _port.Address;

    /// <summary>Cannot fail for a reason a user could mend: the port is bound already.</summary>
    public async Task StartAsync(Func<Exchange, ValueTask> steps, TimeProvider time, CancellationToken cancel)
    {
        await _server.StartAsync(new ExchangeApplication(steps, _state, time), cancel);
        _port.StartAccepting();
    }

    /// <summary>Holds for what comes from now on; connections and requests under way keep theirs.</summary>
    public void ApplyLimits(EdgeLimitsSpec limits)
    {
        KestrelSettings.Apply(limits, _options.Limits);
        _port.IdleTimeout = limits.IdleTimeout;
    }

    /// <summary>From now on it outlives this process, if there is somebody to keep it.</summary>
    public void Keep() => _address.Keep(_port.Socket);

    /// <summary>The same address, perhaps written in another way.</summary>
    public void Rename(ListenSpec spec) => _address.Rename(spec, _port.Socket);

    public void AnnounceClose() => _state.IsClosing = true;

    /// <summary>Gives the address up for another listener; <see cref="Reopen"/> takes it back.</summary>
    public Task CloseAsync()
    {
        _address.Forget();
        return _port.CloseAsync();
    }

    public void Reopen()
    {
        _port.Reopen(_address.Open());
        Keep();
    }

    /// <summary>For good, and for everybody.</summary>
    public Task StopAcceptingAsync()
    {
        // First of all: whoever came between the backlog's last look and the last descriptor's end would be reset, so that is kept short.
        _address.Forget();
        return _port.StopAcceptingAsync();
    }

    /// <summary>Stops accepting without a look at the backlog: it is there for another core. Connections go on and learn that they end.</summary>
    public Task LeaveAsync()
    {
        _state.IsClosing = true;
        _address.Leave();
        return _port.LeaveAsync();
    }

    /// <summary>Closes idle connections, waits for the others until cancelled, then cuts them.</summary>
    public async Task StopAsync(CancellationToken cut)
    {
        _state.IsClosing = true;
        await StopAcceptingAsync();
        await _server.StopAsync(cut);
    }

    /// <summary>Cuts what is left. What was not forgotten before stays kept.</summary>
    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await StopAsync(now.Token);
        _server.Dispose();
        await _port.DisposeAsync();
    }
}
