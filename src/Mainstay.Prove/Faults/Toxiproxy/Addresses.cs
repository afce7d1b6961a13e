using System.Globalization;
using System.Net;

namespace Mainstay.Prove.Faults.Toxiproxy;

/// <summary>Addresses as they are written: <c>127.0.0.1:6379</c>, <c>localhost:6379</c>, <c>[::1]:6379</c>, <c>:6379</c>.</summary>
internal static class Addresses
{
    /// <summary>Null when it is none. A name other than localhost becomes a <see cref="DnsEndPoint"/>.</summary>
    public static EndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return null;
        var host = text[..colon];
        if (host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return new IPEndPoint(IPAddress.Loopback, port);
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':'))
            return null;
        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port)
            : Uri.CheckHostName(host) == UriHostNameType.Dns ? new DnsEndPoint(host, port)
            : null;
    }
}
