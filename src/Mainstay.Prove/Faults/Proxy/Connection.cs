using System.Net.Sockets;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>A client and its connection to the upstream. Ends when both ways have ended, or when either side is lost.</summary>
internal sealed class Connection
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly Socket _client;
    private readonly Socket _upstream;
    private int _ended;

    /// <param name="client">Accepted; owned from here on.</param>
    /// <param name="upstream">Not connected yet; owned from here on.</param>
    public Connection(Socket client, Socket upstream, long number, ProxyWorld world)
    {
        (_client, _upstream, World) = (client, upstream, world);
        var gate = new RequestGate(world.Ledger, world.ChanceOf(number, 1));
        Up = new(this, Flow.Upstream, gate, world.ChanceOf(number, 2));
        Down = new(this, Flow.Downstream, null, world.ChanceOf(number, 3));
    }

    public ProxyWorld World { get; }

    public Link Up { get; }

    public Link Down { get; }

    public void Apply(FaultSet faults)
    {
        // Both, whatever the first one says.
        if (Up.Apply(faults) | Down.Apply(faults))
            Finish();
    }

    public async Task RunAsync()
    {
        try
        {
            if (await ConnectAsync())
                await Task.WhenAll(Up.RunAsync(_client, _upstream), Down.RunAsync(_upstream, _client));
        }
        finally
        {
            End(reset: false);
            World.Tally.Add(Counted.Ended);
        }
    }

    /// <summary>One side is lost: the other hears of it.</summary>
    public void Reset() => End(reset: true);

    public void ResetByFault() => End(reset: true, Counted.Resets);

    /// <summary>A fault closes it.</summary>
    public void Finish() => End(reset: false, Counted.Closes);

    /// <summary>One side has ended while nothing passes: there is nobody left to wait for.</summary>
    public void GiveUp() => End(reset: false);

    private async Task<bool> ConnectAsync()
    {
        using var limit = new CancellationTokenSource(ConnectLimit, World.Time);
        try
        {
            await _upstream.ConnectAsync(World.Upstream, limit.Token);
            return true;
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            End(reset: true, Counted.UpstreamFailures);
            return false;
        }
    }

    private void End(bool reset, Counted? cause = null)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        // Counted before anybody can see it.
        if (cause is { } counted)
            World.Tally.Add(counted);
        _client.End(reset);
        _upstream.End(reset);
        Up.Stop();
        Down.Stop();
    }
}
