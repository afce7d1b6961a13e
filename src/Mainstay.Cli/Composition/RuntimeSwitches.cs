namespace Mainstay.Cli.Composition;

/// <summary>
/// What the edge asks of the runtime, which reads it from the environment at its first use (of an asynchronous socket, of the pool of
/// buffers); what we start does not inherit it (the supervisor takes it out).
/// </summary>
internal static class RuntimeSwitches
{
    /// <summary>
    /// Socket continuations run on the thread that polls, which saves the edge a thread switch at every read. And the pool of buffers keeps
    /// 1024 of a size for each core instead of 32: a connection that a client sends much on holds up to 256 of 4 KiB, taken on one thread and
    /// given back on another, and what the pool has no room for is garbage (half of an upload's bytes).
    /// </summary>
    private static readonly (string Variable, string Value)[] Wanted =
    [
        ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"),
        ("DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION", "1024"),
    ];

    /// <summary>Before the first socket. A value that the user has set stays.</summary>
    public static void Ask()
    {
        foreach (var (variable, value) in Wanted)
        {
            if (Environment.GetEnvironmentVariable(variable) is null)
                Environment.SetEnvironmentVariable(variable, value);
        }
    }
}
