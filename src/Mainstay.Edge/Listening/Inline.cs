namespace Mainstay.Edge.Listening;

/// <summary>
/// Whether the sockets of this process complete on the thread that polls them. If they do, the connections' pipes follow suit, which
/// saves a switch of threads for each read; no step ever blocks.
/// </summary>
internal static class Inline
{
    public static bool Wanted { get; } = Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS") == "1";
}
