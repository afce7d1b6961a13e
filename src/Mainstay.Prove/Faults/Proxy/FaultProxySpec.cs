using System.Net;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>A proxy to start.</summary>
/// <param name="Listen">On loopback; port 0: any free one.</param>
/// <param name="Upstream">An address and port, or a name (<see cref="DnsEndPoint"/>).</param>
/// <param name="Seed">Of all chance in it.</param>
/// <param name="AllowRemote">The upstream may be another machine: somebody has said so.</param>
internal sealed record FaultProxySpec(IPEndPoint Listen, EndPoint Upstream, ulong Seed, bool AllowRemote = false)
{
    public static FaultProxySpec To(EndPoint upstream, ulong seed) => new(new(IPAddress.Loopback, 0), upstream, seed);

    /// <summary>What is wrong with it, in one line; null if nothing.</summary>
    public string? Problem =>
        !IPAddress.IsLoopback(Listen.Address) ? $"a fault proxy listens on loopback only, not on {Listen.Address}"
        : !AllowRemote && !IsLoopback(Upstream) ? $"the upstream {Words(Upstream)} is not on this machine; faults are for loopback unless another machine is allowed explicitly"
        : null;

    public static string Words(EndPoint endpoint) => endpoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.ToString()!;

    private static bool IsLoopback(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => name.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
