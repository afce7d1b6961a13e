using System.Net;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>Reads where a dependency's url leads, and leads it elsewhere without touching the rest of it.</summary>
internal static class DependencyUrl
{
    private static readonly Dictionary<string, int> UsualPorts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["http"] = 80,
        ["https"] = 443,
        ["postgres"] = 5432,
        ["postgresql"] = 5432,
        ["mysql"] = 3306,
        ["mongodb"] = 27017,
        ["redis"] = 6379,
        ["rediss"] = 6379,
        ["memcached"] = 11211,
        ["amqp"] = 5672,
        ["amqps"] = 5671,
        ["nats"] = 4222,
    };

    /// <summary>Null: it names no host and port that could be connected to.</summary>
    public static EndPoint? EndPointOf(string url)
    {
        if (Authority(url) is not (var start, var length) || length == 0)
            return null;
        var authority = url.Substring(start, length);
        var colon = authority.LastIndexOf(':');
        var hasPort = colon > authority.LastIndexOf(']');
        var host = (hasPort ? authority[..colon] : authority).Trim('[', ']');
        var port = hasPort ? (int.TryParse(authority.AsSpan(colon + 1), out var written) ? written : 0)
            : UsualPorts.GetValueOrDefault(url[..url.IndexOf("://", StringComparison.Ordinal)]);
        if (host.Length == 0 || port is < 1 or > 65535)
            return null;
        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }

    /// <summary>The same url by way of a port of this machine. <c>localhost</c> stays, since certificates may name it.</summary>
    public static string Through(string url, int port)
    {
        var (start, length) = Authority(url) ?? throw new ArgumentException("it names no host", nameof(url));
        var host = url.AsSpan(start, length).StartsWith("localhost", StringComparison.OrdinalIgnoreCase) ? "localhost" : "127.0.0.1";
        return $"{url[..start]}{host}:{port}{url[(start + length)..]}";
    }

    /// <summary>Where host and port stand, without user and password.</summary>
    private static (int Start, int Length)? Authority(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 1)
            return null;
        var start = scheme + 3;
        var end = url.IndexOfAny(['/', '?', '#'], start);
        end = end < 0 ? url.Length : end;
        var user = url.LastIndexOf('@', end - 1, end - start);
        start = user < 0 ? start : user + 1;
        return (start, end - start);
    }
}
