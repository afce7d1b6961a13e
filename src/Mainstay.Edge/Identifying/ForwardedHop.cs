using System.Net;
using System.Text;

namespace Mainstay.Edge.Identifying;

/// <summary>One hop of a request, as a proxy told it; what it did not tell is null.</summary>
/// <param name="For">Who sent the request to that proxy: an address, perhaps with a port, or a word.</param>
/// <param name="Host">The Host it asked for.</param>
/// <param name="Proto">http or https.</param>
internal readonly record struct ForwardedHop(string For, string? Host, string? Proto)
{
    /// <summary>The address, or null for <c>unknown</c> and the like.</summary>
    public IPAddress? Address =>
        IPEndPoint.TryParse(For, out var end) ? end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address : null;

    /// <summary>Reads an X-Forwarded-For field: addresses separated by commas.</summary>
    public static List<ForwardedHop> ReadList(string value) =>
        [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(address => new ForwardedHop(address, null, null))];

    /// <summary>Reads a Forwarded field (RFC 7239, section 4); null if it is malformed.</summary>
    public static List<ForwardedHop>? Read(string value)
    {
        var hops = new List<ForwardedHop>();
        var hop = new ForwardedHop("unknown", null, null);
        var at = 0;
        while (at < value.Length)
        {
            var equals = value.AsSpan(at).IndexOf('=');
            if (equals < 0)
                return null;
            var name = value.AsSpan(at, equals).Trim();
            at += equals + 1;
            if (ReadValue(value, ref at) is not { } text)
                return null;
            hop = name switch
            {
                _ when name.Equals("for", StringComparison.OrdinalIgnoreCase) => hop with { For = text },
                _ when name.Equals("host", StringComparison.OrdinalIgnoreCase) => hop with { Host = text },
                _ when name.Equals("proto", StringComparison.OrdinalIgnoreCase) => hop with { Proto = text.ToLowerInvariant() },
                _ => hop,
            };
            while (at < value.Length && value[at] == ' ')
                at++;
            if (at == value.Length || value[at] == ',')
            {
                hops.Add(hop);
                hop = new("unknown", null, null);
            }
            else if (value[at] != ';')
            {
                return null;
            }
            at++;
        }
        return hops;
    }

    /// <summary>A token or a quoted string, and the place moved behind it; null if a quote is not closed.</summary>
    private static string? ReadValue(string value, ref int at)
    {
        if (at < value.Length && value[at] != '"')
        {
            var length = value.AsSpan(at).IndexOfAny(';', ',') is var end and >= 0 ? end : value.Length - at;
            var token = value.Substring(at, length).Trim();
            at += length;
            return token;
        }
        var text = new StringBuilder();
        for (at++; at < value.Length; at++)
        {
            if (value[at] == '"')
            {
                at++;
                return text.ToString();
            }
            if (value[at] == '\\' && at + 1 < value.Length)
                at++;
            text.Append(value[at]);
        }
        return null;
    }
}
