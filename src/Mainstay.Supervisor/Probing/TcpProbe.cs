namespace Mainstay.Supervisor.Probing;

/// <summary>Well when the port accepts a connection.</summary>
internal sealed class TcpProbe(int port, TimeProvider time) : TimedProbe(time)
{
    protected override string Question => $"a connection to port {port}";

    protected override async Task<ProbeResult> AskAsync(CancellationToken cancel)
    {
        using var socket = await LoopbackConnection.OpenAsync(port, cancel);
        return ProbeResult.Well;
    }
}
