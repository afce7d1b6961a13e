namespace Mainstay.Cli.Composition;

/// <summary>
/// Socket continuations run on the thread that polls, which saves the edge a thread switch at every read. The runtime reads the switch
/// from the environment at the first asynchronous socket operation; what we start does not inherit it (the supervisor takes it out).
/// </summary>
internal static class InlineCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Before the first socket. A value that the user has set stays.</summary>
    public static void Ask()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "1");
    }
}
