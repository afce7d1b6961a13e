using System.Buffers;

namespace Mainstay.Edge.Routing;

/// <summary>What may stand in a Host field: a name or address and perhaps a port (RFC 3986, section 3.2.2), nothing that a header or a link could be broken with.</summary>
internal static class HostName
{
    /// <summary>A name and a port.</summary>
    public const int Longest = 255 + 6;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+=%:[]");

    public static bool IsValid(ReadOnlySpan<char> host) => host.Length <= Longest && host.IndexOfAnyExcept(Allowed) < 0;
}
