using System.Globalization;
using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Keys;

/// <summary>Network addresses, as keys take them.</summary>
internal static class Addresses
{
    public static ScalarShape<ListenSpec> Listen { get; } = new("an address such as http://127.0.0.1:8080", ParseListen,
        () => Scalars.Pattern(@"^http://[^/]+:[0-9]+/?$|\$\{"));

    public static ScalarShape<IPNetwork> Network { get; } = new("a network such as 10.0.0.0/8", ParseNetwork,
        () => Scalars.Pattern(@"^[0-9a-fA-F.:]+(/[0-9]+)?$|\$\{"));

    public static ScalarShape<Uri> Upstream { get; } = new("an address such as http://10.0.0.7:8080", ParseUpstream,
        () => Scalars.Pattern(@"^http://[^/]+/?$|\$\{"));

    private static string? ParseListen(string text, out ListenSpec value)
    {
        value = null!;
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return "is https, which is not supported yet; write http://";
        if (!text.StartsWith("http://", StringComparison.Ordinal))
            return text.All(char.IsAsciiDigit) && text.Length is > 0 and <= 5
                ? $"is not an address; write http://127.0.0.1:{text}"
                : "is not an address to listen on; write http://HOST:PORT, such as http://127.0.0.1:8080";
        var url = text.TrimEnd('/');
        var authority = url["http://".Length..];
        var colon = authority.LastIndexOf(':');
        if (authority.Contains('/'))
            return "has a path; write http://HOST:PORT alone, and paths under `routes:`";
        if (colon < 0 || authority.EndsWith(']'))
            return $"has no port; write {url}:8080";
        if (!int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
            return "has no valid port; write 1 to 65535";
        var host = authority[..colon];
        if (ParseHost(host) is not { } address)
            return "must name a literal address, localhost or *; names of other hosts cannot be listened on";
        value = new(url, address, port);
        return null;
    }

    private static IPAddress? ParseHost(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out var six) && inner.Contains(':') ? six : null,
        _ => host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out var four) && four.ToString() == host ? four : null,
    };

    private static string? ParseNetwork(string text, out IPNetwork value)
    {
        value = default;
        if (!text.Contains('/'))
        {
            if (!IPAddress.TryParse(text, out var single))
                return "is not a network; write one such as 10.0.0.0/8";
            value = new(single, single.GetAddressBytes().Length * 8);
            return null;
        }
        return IPNetwork.TryParse(text, out value) ? null : "is not a network; write one such as 10.0.0.0/8";
    }

    private static string? ParseUpstream(string text, out Uri value)
    {
        value = null!;
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return "is https, which is not supported yet; write http://";
        if (!text.StartsWith("http://", StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return "is not an address; write http://HOST:PORT, such as http://10.0.0.7:8080";
        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
            return "has a path; write http://HOST:PORT alone";
        if (uri.UserInfo.Length > 0)
            return "has a user name; leave it out";
        if (uri.Port == 0)
            return "has port 0; write the port that it listens on";
        value = uri;
        return null;
    }
}
