using System.Net;

namespace Mainstay.Prove.Load;

/// <summary>A server on loopback. There is no way to make one of another machine.</summary>
internal sealed record LoadTarget
{
    private LoadTarget(IPEndPoint address, string host) => (Address, Host) = (address, host);

    public IPEndPoint Address { get; }

    /// <summary>The Host field: name and port.</summary>
    public string Host { get; }

    /// <summary>It was named <c>localhost</c>, which is either loopback address.</summary>
    public bool IsByName { get; private init; }

    /// <summary>A port of 127.0.0.1.</summary>
    public static LoadTarget Port(int port) => new(new(IPAddress.Loopback, port), $"127.0.0.1:{port}");

    /// <summary>A listener's address, asked for by another name than its own.</summary>
    /// <exception cref="ArgumentException">It is not on loopback.</exception>
    public static LoadTarget Of(IPEndPoint address, string? host = null) => IPAddress.IsLoopback(address.Address)
        ? new(address, host ?? address.ToString())
        : throw new ArgumentException(Refusal(address.ToString()), nameof(address));

    /// <summary>The server that a URL names; null with the reason in one line.</summary>
    public static LoadTarget? Parse(Uri url, out string reason)
    {
        if (url.Scheme != Uri.UriSchemeHttp)
        {
            reason = url.Scheme == Uri.UriSchemeHttps
                ? $"load speaks no TLS: give the http address behind it instead of {url.GetLeftPart(UriPartial.Authority)}"
                : $"'{url.OriginalString}' is not an http URL";
            return null;
        }
        var isByName = url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        var address = isByName
            ? IPAddress.Loopback
            : IPAddress.TryParse(url.Host, out var literal) ? literal : null;
        if (address is null || !IPAddress.IsLoopback(address))
        {
            reason = Refusal(url.Authority);
            return null;
        }
        reason = "";
        return new(new(address, url.Port), url.Authority) { IsByName = isByName };
    }

    private static string Refusal(string what) => $"load is sent to this machine only, never to others: {what} is not a loopback address";
}
