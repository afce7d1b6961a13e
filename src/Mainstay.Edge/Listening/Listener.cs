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
    private readonly SharedPort _port;
    private readonly KestrelServerOptions _options;
    private readonly KestrelServer _server;
    private readonly ListenerState _state = new();

    public Listener(ListenSpec spec, SharedPort port, EdgeLimitsSpec limits, ILoggerFactory logs)
    {
        Spec = spec;
        _port = port;
        _options = KestrelSettings.Create(port);
        ApplyLimits(limits);
        _server = new(Options.Create(_options), port, logs);
    }

    public ListenSpec Spec { get; }

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

    public void AnnounceClose() => _state.IsClosing = true;

    /// <summary>Gives the address up for another listener; <see cref="Reopen"/> takes it back.</summary>
    public Task CloseAsync() => _port.CloseAsync();

    public void Reopen() => _port.Reopen(ListenSocket.Bind(Spec));

    public Task StopAcceptingAsync() => _port.StopAcceptingAsync();

    /// <summary>Closes idle connections, waits for the others until cancelled, then cuts them.</summary>
    public async Task StopAsync(CancellationToken cut)
    {
        _state.IsClosing = true;
        await _port.StopAcceptingAsync();
        await _server.StopAsync(cut);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await StopAsync(now.Token);
        _server.Dispose();
        await _port.DisposeAsync();
    }
}
