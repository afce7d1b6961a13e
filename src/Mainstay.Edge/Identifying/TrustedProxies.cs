using System.Collections.Immutable;
using System.Net;

namespace Mainstay.Edge.Identifying;

/// <summary>The peers whose word counts for where a request came from.</summary>
internal sealed class TrustedProxies(ImmutableArray<IPNetwork> networks)
{
    public static TrustedProxies None { get; } = new([]);

    /// <summary>An IPv4 address is the same whether or not it is written as an IPv6 one (<c>::ffff:10.0.0.1</c>).</summary>
    public bool Contains(IPAddress address)
    {
        if (networks.IsDefaultOrEmpty)
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var network in networks)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }
}
